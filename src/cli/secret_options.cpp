#include "cli/secret_options.hpp"

#include "cli/arguments.hpp"

namespace jobmedic::cli {

void add_secrets(CLI::App* command, SecretOptions& options) {
  command
      ->add_option("--secrets", options.files,
                   "your own patterns of secrets beside the shipped ones (jobmedic.secrets/1); repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_flag("--show-secrets", options.show, "mask no passwords, keys and tokens, neither shown nor stored");
}

SecretMask secret_mask(const SecretOptions& options) {
  if (options.show) return SecretMask::none();
  SecretMask mask;
  for (const std::string& file : options.files) {
    mask = mask.with(read_text(file), file == "-" ? "standard input" : file);
  }
  return mask;
}

StoreOptions masking(const SecretOptions& options) {
  StoreOptions store;
  store.secrets = secret_mask(options);
  return store;
}

}  // namespace jobmedic::cli
