# Removes the files that the last install wrote. Of the folders that it leaves empty, it removes
# those that bear the project's name, and those within.
#
#   cmake -D MANIFEST=install_manifest.txt -D A_FILE=PATH_FROM_PREFIX -P uninstall.cmake
#
# A_FILE is one that every install has: it shows where the prefix ends.
if(NOT EXISTS "${MANIFEST}")
  message(FATAL_ERROR "Nothing to remove: there is no ${MANIFEST}, so nothing was installed.")
endif()

file(STRINGS "${MANIFEST}" files)
set(prefix "")
foreach(file IN LISTS files)
  if(file MATCHES "^(.*/)${A_FILE}$")
    set(prefix "${CMAKE_MATCH_1}")
  endif()
endforeach()

set(folders "")
set(removed 0)
foreach(file IN LISTS files)
  set(path "$ENV{DESTDIR}${file}")
  if(EXISTS "${path}" OR IS_SYMLINK "${path}")
    file(REMOVE "${path}")
    math(EXPR removed "${removed} + 1")
  endif()
  string(REPLACE "${prefix}" "" folder "${file}")
  get_filename_component(folder "${folder}" DIRECTORY)
  while(folder MATCHES "(^|/)heddle(/|$)")
    list(APPEND folders "$ENV{DESTDIR}${prefix}${folder}")
    get_filename_component(folder "${folder}" DIRECTORY)
  endwhile()
endforeach()

# The innermost first: a folder's path begins with that of the one around it.
list(REMOVE_DUPLICATES folders)
list(SORT folders ORDER DESCENDING)
foreach(folder IN LISTS folders)
  file(GLOB content LIST_DIRECTORIES true "${folder}/*" "${folder}/.*")
  if(NOT content)
    file(REMOVE_RECURSE "${folder}")
  endif()
endforeach()
file(REMOVE "${MANIFEST}")
message(STATUS "Removed ${removed} files")
