// A builder with the suite's settings.
#pragma once

#include <heddle/subject.h>

#include <heddle/thread.hpp>
#include <string>
#include <utility>

namespace heddle::adapter {

inline thread::Builder builder_with(const heddle_builder* settings) {
  thread::Builder builder;
  for (std::size_t i = 0; settings != nullptr && i < settings->count; ++i) {
    const heddle_setting& setting = settings->settings[i];
    if (setting.kind == HEDDLE_SETTING_NAME) {
      builder = std::move(builder).name(std::string(setting.text, setting.number));
    } else if (setting.kind == HEDDLE_SETTING_STACK_SIZE) {
      builder = std::move(builder).stack_size(setting.number);
    }
  }
  return builder;
}

}  // namespace heddle::adapter
