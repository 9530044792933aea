#include <fmt/format.h>

#include "jobmedic/error.hpp"
#include "jobmedic/store.hpp"

namespace jobmedic {

std::string_view name_of(ModelKind kind) {
  return kind == ModelKind::forecast ? "forecast" : "recommend";
}

ModelKind model_kind_named(std::string_view name) {
  for (const ModelKind kind : {ModelKind::recommend, ModelKind::forecast}) {
    if (name == name_of(kind)) return kind;
  }
  throw Error(Status::invalid_argument,
              fmt::format(R"("{}" is no kind of model: there are "recommend" and "forecast")", name));
}

}  // namespace jobmedic
