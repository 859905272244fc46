# Writes system_call_names.inc, a row {"NAME", NUMBER} for each system call, from the kernel's header.
find_file(HEDDLE_SYSTEM_CALLS asm/unistd_64.h
  PATHS /usr/include PATH_SUFFIXES ${CMAKE_LIBRARY_ARCHITECTURE} REQUIRED)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${HEDDLE_SYSTEM_CALLS})
file(STRINGS ${HEDDLE_SYSTEM_CALLS} definitions REGEX "^#define __NR_[a-z0-9_]+ [0-9]+$")
list(TRANSFORM definitions REPLACE "^#define __NR_([a-z0-9_]+) ([0-9]+)$" "{\"\\1\", \\2},\n")
list(JOIN definitions "" rows)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/system_call_names.inc CONTENT "${rows}" @ONLY)
