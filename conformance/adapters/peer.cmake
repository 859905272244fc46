# Plug-ins that judge other runtimes. The target heddle_peers names them all.
add_custom_target(heddle_peers)
set(HEDDLE_EXPORTS_MAP ${CMAKE_CURRENT_LIST_DIR}/exports.map)

# A plug-in libheddle-NAME.so from the C++ sources and libraries that follow.
function(heddle_add_peer name)
  cmake_parse_arguments(PARSE_ARGV 1 peer "" "" "SOURCES;LIBRARIES;DEFINITIONS")
  set(target heddle-${name})
  add_library(${target} MODULE ${peer_SOURCES})
  target_compile_definitions(${target} PRIVATE ${peer_DEFINITIONS})
  target_link_libraries(${target} PRIVATE heddle_options heddle::subject ${peer_LIBRARIES})
  target_link_options(${target} PRIVATE -Wl,--version-script=${HEDDLE_EXPORTS_MAP})
  set_target_properties(${target} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY ${HEDDLE_PLUGIN_OUTPUT_DIRECTORY}
    LINK_DEPENDS ${HEDDLE_EXPORTS_MAP})
  install(TARGETS ${target}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/heddle COMPONENT peers)
  add_dependencies(heddle_peers ${target})
endfunction()

# The same by a compiler that CMake does not know. COMMAND runs in the adapter's folder, with -o and
# the plug-in's path behind it, and again whenever a file of DEPENDS changes.
function(heddle_compile_peer name)
  cmake_parse_arguments(PARSE_ARGV 1 peer "" "" "COMMAND;DEPENDS")
  set(plugin ${HEDDLE_PLUGIN_OUTPUT_DIRECTORY}/libheddle-${name}.so)
  add_custom_command(OUTPUT ${plugin}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${HEDDLE_PLUGIN_OUTPUT_DIRECTORY}
    COMMAND ${peer_COMMAND} -o ${plugin}
    DEPENDS ${peer_DEPENDS} ${HEDDLE_EXPORTS_MAP}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Compiling ${plugin}"
    VERBATIM)
  add_custom_target(heddle-${name} ALL DEPENDS ${plugin})
  install(PROGRAMS ${plugin} DESTINATION ${CMAKE_INSTALL_LIBDIR}/heddle COMPONENT peers)
  add_dependencies(heddle_peers heddle-${name})
endfunction()

# Names a peer that cannot be built here.
function(heddle_leave_out_peer name reason)
  message(STATUS "Peers: ${name} left out, since there is no ${reason}")
endfunction()
