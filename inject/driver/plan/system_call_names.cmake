# Writes system_call_names.inc, a row {"NAME", NUMBER} for each system call, from the kernel's headers:
# the preprocessor lists the names, and then knows their numbers.
set(preprocess ${CMAKE_C_COMPILER} -E)
if(CMAKE_SYSROOT)
  list(APPEND preprocess --sysroot=${CMAKE_SYSROOT})
endif()
set(numbers ${CMAKE_CURRENT_BINARY_DIR}/system_call_numbers.c)
file(WRITE ${numbers} "#include <asm/unistd.h>\n")
execute_process(COMMAND ${preprocess} -dM ${numbers}
  OUTPUT_VARIABLE definitions COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "#define __NR_[a-z0-9_]+ " names "${definitions}")
# The counts of calls have such names, too.
list(FILTER names EXCLUDE REGEX "__NR_(syscalls|arch_specific_syscall) ")
list(TRANSFORM names REPLACE "#define __NR_([a-z0-9_]+) " "row __NR_\\1 \"\\1\"\n")
list(JOIN names "" lines)
file(APPEND ${numbers} "${lines}")
execute_process(COMMAND ${preprocess} -P ${numbers}
  OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "row [0-9]+ \"[a-z0-9_]+\"" rows "${lines}")
list(SORT rows COMPARE NATURAL)
list(TRANSFORM rows REPLACE "row ([0-9]+) (.*)" "{\\2, \\1},\n")
list(JOIN rows "" rows)
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/system_call_names.inc CONTENT "${rows}" @ONLY)
# The kernel's headers change together.
find_file(HEDDLE_KERNEL_VERSION linux/version.h REQUIRED)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${HEDDLE_KERNEL_VERSION})
