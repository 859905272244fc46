set(processor_sources
  aarch64/vfork.S
  raw/not_there.cpp)
# Atomics by functions of libgcc would ask libc for the processor's abilities.
set(processor_options -mno-outline-atomics)
