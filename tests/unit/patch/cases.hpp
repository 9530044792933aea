#pragma once
#include "core/file.hpp"
#include "json/value.hpp"

/// The cases in tests/data/patch/NAME.json.
inline jobmedic::json::Array cases(const std::string& name) {
  return *jobmedic::json::parse(jobmedic::read_file("tests/data/patch/" + name + ".json")).as<jobmedic::json::Array>();
}

inline const std::string& text_of(const jobmedic::json::Value& test_case, std::string_view member) {
  return *test_case.find(member)->as<std::string>();
}

/// A member as the JSON text it stands for.
inline std::string json_of(const jobmedic::json::Value& test_case, std::string_view member) {
  return jobmedic::json::write(*test_case.find(member));
}
