#include "remediate/model_in_service.hpp"

#include <fmt/format.h>

namespace jobmedic {
namespace {

std::shared_ptr<const Model> read(const Store& store, const std::string& version) {
  if (version.empty()) return nullptr;
  const auto weights = store.serving_model();
  if (!weights) return nullptr;
  try {
    return Model::parse(*weights);
  } catch (const Error& error) {
    throw error.within(fmt::format("store {}: model \"{}\"", store.url(), version));
  }
}

}  // namespace

std::shared_ptr<const Model> ModelInService::follow(const Store& store) {
  const std::string version = store.serving_version();
  const std::lock_guard lock(mutex_);
  if (version == version_) {
    if (failure_) throw Error(*failure_);
    return model_;
  }
  try {
    model_ = read(store, version);
    failure_.reset();
  } catch (const Error& error) {
    failure_ = error;
  }
  version_ = version;
  if (failure_) throw Error(*failure_);
  return model_;
}

std::shared_ptr<const Model> ModelInService::last_good() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

void ModelInService::forget() {
  const std::lock_guard lock(mutex_);
  version_.clear();
  failure_.reset();
  model_.reset();
}

}  // namespace jobmedic
