#include "remediate/spaces.hpp"

#include "core/embedded.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic {

std::shared_ptr<const Space> Spaces::at(const std::string& engine) {
  const std::lock_guard lock(mutex_);
  const auto found = parsed_.find(engine);
  if (found != parsed_.end()) return found->second;
  return parsed_.emplace(engine, std::make_shared<const Space>(Space::shipped(engine))).first->second;
}

std::shared_ptr<const Space> Spaces::find(const std::string& engine) {
  try {
    return at(engine);
  } catch (const Error& error) {
    if (error.status() != Status::invalid_argument) throw;
    return nullptr;
  }
}

std::shared_ptr<const Space> Spaces::generic() {
  return at("generic");
}

std::vector<std::pair<std::string, std::shared_ptr<const Space>>> Spaces::all() {
  std::vector<std::pair<std::string, std::shared_ptr<const Space>>> spaces;
  for (const EmbeddedFile& file : embedded::engines()) {
    std::string engine(file.name.substr(0, file.name.rfind(".json")));
    spaces.emplace_back(engine, at(engine));
  }
  return spaces;
}

}  // namespace jobmedic
