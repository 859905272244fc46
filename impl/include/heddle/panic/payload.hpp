// The payload that a panic carries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "heddle/box.hpp"
#include "heddle/slot.hpp"

namespace heddle::panic {

namespace detail {

/// An object whose type only its holder knows.
class Object {
 public:
  Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object() noexcept(false) = default;
  virtual const std::type_info& type() const noexcept = 0;
  virtual void* address() noexcept = 0;
};

template <class T>
class Holder final : public Object {
 public:
  explicit Holder(T object) : object_(std::move(object)) {}
  const std::type_info& type() const noexcept override { return typeid(T); }
  void* address() noexcept override { return &object_; }

 private:
  T object_;
};

}  // namespace detail

/// Owns an object of any movable type: Rust's Box<dyn Any + Send>. Destroying a payload destroys
/// the object, which may panic. Move-only; a moved-from payload is empty.
///
/// By convention text has one of two types: std::string_view for static text (Rust's &'static str),
/// std::string for text that the payload owns (Rust's String).
class Payload {
 public:
  template <class T>
  requires(!std::is_same_v<std::decay_t<T>, Payload>) explicit Payload(T object)
      : object_(make_box<detail::Holder<T>>(std::move(object))) {}

  /// Takes over an object that into_raw() has given up.
  static Payload from_raw(detail::Object* object) noexcept {
    return Payload(Box<detail::Object>(object));
  }
  /// Gives the object up to the caller; the payload is empty afterwards.
  [[nodiscard]] detail::Object* into_raw() && noexcept { return object_.release(); }

  template <class T>
  bool is() const noexcept {
    return object_ && object_->type() == typeid(T);
  }
  /// Returns the object if it is exactly a T, else null. The payload keeps it.
  template <class T>
  T* downcast_ref() const noexcept {
    return is<T>() ? static_cast<T*>(object_->address()) : nullptr;
  }
  /// Moves the object out and leaves the payload empty, if the object is exactly a T.
  template <class T>
  Slot<T> downcast() && {
    if (!is<T>()) {
      return {};
    }
    const Box<detail::Object> emptied = std::move(object_);
    return Slot<T>(std::move(*static_cast<T*>(emptied->address())));
  }
  /// Returns the payload's text, if it is text. Valid as long as the payload.
  std::optional<std::string_view> text() const noexcept;

 private:
  explicit Payload(Box<detail::Object> object) noexcept : object_(std::move(object)) {}

  Box<detail::Object> object_;
};

}  // namespace heddle::panic
