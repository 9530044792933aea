#include "remediate/model_in_service.hpp"

#include <fmt/format.h>

namespace jobmedic {

// The name is cheap to ask for, but may be another's by the time that weights are read: what is kept is the name that
// came with them.
std::shared_ptr<const Model> ModelInService::follow(const Store& store,
                                                    const std::function<void(const std::string&)>& read) {
  const std::string version = store.serving_version();
  const std::lock_guard lock(mutex_);
  if (version != version_) {
    const std::string name = read_version(store, version);
    if (read) read(name);
  }
  if (failure_) throw Error(*failure_);
  return model_;
}

std::string ModelInService::read_version(const Store& store, const std::string& version) {
  version_.reset();  // until it is known
  std::string name = version;
  try {
    auto stored = store.serving_model();
    name = stored ? stored->version : "";
    try {
      model_ = stored ? Model::parse(stored->safetensors) : nullptr;
    } catch (const Error& error) {
      throw error.within(fmt::format("store {}: model \"{}\"", store.url(), name));
    }
    failure_.reset();
    version_ = name;
  } catch (const Error& error) {
    failure_ = error;
    if (store.serving_version() == name) version_ = name;  // else it may be another that failed
  }
  return name;
}

std::shared_ptr<const Model> ModelInService::last_good() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

void ModelInService::forget() {
  const std::lock_guard lock(mutex_);
  version_.reset();
  failure_.reset();
  model_.reset();
}

}  // namespace jobmedic
