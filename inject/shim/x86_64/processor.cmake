set(processor_sources
  x86_64/departures.S
  x86_64/vfork.S
  raw/cancellation.cpp
  raw/departures.cpp
  raw/guarded_calls.cpp
  raw/new_thread.cpp
  raw/raw_layer.cpp
  raw/signal_actions.cpp
  raw/trap_handler.cpp)
set(processor_options "")
