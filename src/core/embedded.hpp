#pragma once
#include <span>
#include <string_view>

/// Data files compiled into the library (src/embed.cmake), so that it needs no folder beside it.
namespace jobmedic {

struct EmbeddedFile {
  std::string_view name;  ///< "spark.json"
  std::string_view text;
};

namespace embedded {
std::span<const EmbeddedFile> rules();           ///< src/classify/rules
std::span<const EmbeddedFile> engines();         ///< src/recommend/engines
std::span<const EmbeddedFile> families();        ///< src/classify/templates/families.json
std::span<const EmbeddedFile> fallback();        ///< src/recommend/fallback.json
std::span<const EmbeddedFile> curation();        ///< src/forecast/policy.json
std::span<const EmbeddedFile> forecast_model();  ///< src/forecast/model.safetensors
std::span<const EmbeddedFile> secrets();         ///< src/classify/secrets/secrets.json
std::span<const EmbeddedFile> report_page();     ///< src/report/page
}  // namespace embedded

}  // namespace jobmedic
