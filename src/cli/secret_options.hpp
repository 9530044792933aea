#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "jobmedic/secrets.hpp"
#include "jobmedic/store.hpp"

namespace jobmedic::cli {

/// Which secrets are masked in what is told and stored.
struct SecretOptions {
  std::vector<std::string> files;
  bool show = false;
};

void add_secrets(CLI::App* command, SecretOptions& options);
SecretMask secret_mask(const SecretOptions& options);
/// For opening a store that masks so.
StoreOptions masking(const SecretOptions& options);

}  // namespace jobmedic::cli
