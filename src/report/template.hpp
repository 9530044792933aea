#pragma once
#include <string>
#include <string_view>

#include "json/value.hpp"

/// Mustache (mustache(5)), as much of it as a page needs: {{name}}, {{#list}}...{{/list}}, {{^list}}...{{/list}},
/// {{.}}, {{! comment}}. Nothing is inserted unescaped: {{name}} is fit for HTML text and for quoted attributes.
namespace jobmedic::reported {

/// A section is shown for each item of an array, once for an object or anything true, not at all for what is absent,
/// null, false, 0, "" or []. Names are looked up from the inside out. Throws Error (internal): the template is
/// malformed, or names what is nowhere in the view.
std::string render(std::string_view page, const json::Value& view);

/// Fit for HTML text and for quoted attributes: valid UTF-8, no control character, nothing that changes direction.
std::string escape_html(std::string_view text);

}  // namespace jobmedic::reported
