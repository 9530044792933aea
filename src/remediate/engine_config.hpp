#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/loop.hpp"
#include "jobmedic/policy.hpp"
#include "jobmedic/rightsize.hpp"
#include "jobmedic/secrets.hpp"
#include "jobmedic/store.hpp"

namespace jobmedic {

/// A document given as a file or in place.
struct Source {
  std::filesystem::path path;  ///< empty: `text` is the document
  std::string text;
};

/// The document jobmedic.engine/1.
struct EngineConfig {
  std::vector<Source> rules;
  bool shipped_rules = true;
  std::string store;            ///< URL; empty: none
  std::filesystem::path model;  ///< empty: the one in service in the store
  std::optional<Source> space;
  std::optional<Source> collector;
  Policy policy;
  LoopPolicy loop;
  RightsizePolicy rightsize;
  bool warm_up = false;
  std::filesystem::path torch_module;
  std::filesystem::path cache;
  bool mask_secrets = true;
  std::vector<Source> secrets;  ///< patterns beside the shipped ones

  static EngineConfig parse(std::string_view json);
};

/// As configured; reads the files.
SecretMask read_secrets(const EngineConfig& config);
/// The store it names, which masks so; `tell` as in StoreOptions.
std::unique_ptr<Store> open_store(const EngineConfig& config,
                                  std::function<void(std::string_view, const std::string&)> tell = {});

}  // namespace jobmedic
