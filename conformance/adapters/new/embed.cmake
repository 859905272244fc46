# Writes the files of the folders here into a C++ source, as initialisers of their language, their
# name and their text: for --new-subject, which writes them to the user's folder.
set(text "")
foreach(language c c++ d rust)
  file(GLOB names CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_LIST_DIR}/${language}
    ${CMAKE_CURRENT_LIST_DIR}/${language}/*)
  foreach(name IN LISTS names)
    set(file ${CMAKE_CURRENT_LIST_DIR}/${language}/${name})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} content)
    string(APPEND text "{\"${language}\", \"${name}\", R\"heddle(${content})heddle\"},\n")
  endforeach()
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded/new_subject_files.inc
  CONTENT "@text@" @ONLY)
