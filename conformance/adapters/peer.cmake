# A plug-in libheddle-NAME.so that judges another runtime, from the C++ sources and libraries that
# follow. The target heddle_peers names them all.
add_custom_target(heddle_peers)
set(HEDDLE_EXPORTS_MAP ${CMAKE_CURRENT_LIST_DIR}/exports.map)

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

# Names a peer that cannot be built here.
function(heddle_leave_out_peer name reason)
  message(STATUS "Peers: ${name} left out, since there is no ${reason}")
endfunction()
