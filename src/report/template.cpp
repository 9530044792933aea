#include "report/template.hpp"

#include <fmt/format.h>

#include <vector>

#include "core/text.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::reported {
namespace {

using Scopes = std::vector<const json::Value*>;

struct Tag {
  char kind = 0;  // '#', '^', '/', '!', or 0: a variable
  std::string_view name;
  std::size_t begin = 0, end = 0;  // of the whole tag
};

[[noreturn]] void malformed(std::string_view what, std::string_view name) {
  throw Error(Status::internal, fmt::format("page template: {} {{{{{}}}}}", what, name));
}

Tag next_tag(std::string_view page, std::size_t from) {
  Tag tag;
  tag.begin = page.find("{{", from);
  if (tag.begin == std::string_view::npos) return tag;
  const std::size_t close = page.find("}}", tag.begin);
  if (close == std::string_view::npos) malformed("no end of", page.substr(tag.begin + 2, 20));
  tag.name = page.substr(tag.begin + 2, close - tag.begin - 2);
  if (tag.name.find_first_of("#^/!") == 0) {
    tag.kind = tag.name.front();
    tag.name.remove_prefix(1);
  }
  tag.end = close + 2;
  return tag;
}

// The {{/name}} that belongs to the section that begins before `from`.
Tag end_of_section(std::string_view page, std::string_view name, std::size_t from) {
  int depth = 1;
  for (Tag tag = next_tag(page, from); tag.begin != std::string_view::npos; tag = next_tag(page, tag.end)) {
    if (tag.name != name) continue;
    if (tag.kind == '#' || tag.kind == '^') ++depth;
    if (tag.kind == '/' && --depth == 0) return tag;
  }
  malformed("no end of section", name);
}

const json::Value& look_up(const Scopes& scopes, std::string_view name) {
  if (name == ".") return *scopes.back();
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    if (const json::Value* found = (*scope)->find(name)) return *found;
  }
  malformed("the view has no", name);
}

bool shown(const json::Value& value) {
  if (value.is_null()) return false;
  if (const auto* truth = value.as<bool>()) return *truth;
  if (const auto* text = value.as<std::string>()) return !text->empty();
  if (const auto* items = value.as<json::Array>()) return !items->empty();
  const auto* count = value.as<std::int64_t>();
  return count == nullptr || *count != 0;
}

std::string words(const json::Value& value, std::string_view name) {
  if (const auto* text = value.as<std::string>()) return escape_html(*text);
  if (value.is_null()) return "";
  if (value.is_number()) return json::write(value);
  malformed("neither text nor number:", name);
}

void render_into(std::string& out, std::string_view page, Scopes& scopes) {
  std::size_t at = 0;
  for (Tag tag = next_tag(page, 0); tag.begin != std::string_view::npos; tag = next_tag(page, at)) {
    out += page.substr(at, tag.begin - at);
    at = tag.end;
    if (tag.kind == '!') continue;
    if (tag.kind == '/') malformed("unexpected", tag.name);
    const json::Value& value = look_up(scopes, tag.name);
    if (tag.kind == 0) {
      out += words(value, tag.name);
      continue;
    }
    const Tag end = end_of_section(page, tag.name, tag.end);
    const std::string_view inside = page.substr(tag.end, end.begin - tag.end);
    at = end.end;
    if (shown(value) == (tag.kind == '^')) continue;
    const auto* items = tag.kind == '#' ? value.as<json::Array>() : nullptr;
    if (items == nullptr) {
      scopes.push_back(&value);
      render_into(out, inside, scopes);
      scopes.pop_back();
      continue;
    }
    for (const json::Value& item : *items) {
      scopes.push_back(&item);
      render_into(out, inside, scopes);
      scopes.pop_back();
    }
  }
  out += page.substr(std::min(at, page.size()));
}

// Marks, embeddings, overrides and isolates of direction (Unicode UAX 9), which make a text look like another, and the
// separators of lines: all U+20xx, U+FEFF or U+061C.
bool misleads(std::string_view three) {
  if (three.starts_with("\xD8\x9C") || three == "\xEF\xBB\xBF") return true;
  if (three.size() != 3 || three[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(three[1]);
  const auto third = static_cast<unsigned char>(three[2]);
  return (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE))) ||
         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

}  // namespace

std::string escape_html(std::string_view text) {
  const std::string line = one_line(text);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    switch (line[i]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(line[i]) >= 0x80 && misleads(std::string_view(line).substr(i, 3))) {
          i += line[i] == '\xD8' ? 1 : 2;
          out += "\xEF\xBF\xBD";
        } else {
          out += line[i];
        }
    }
  }
  return out;
}

std::string render(std::string_view page, const json::Value& view) {
  std::string out;
  Scopes scopes{&view};
  render_into(out, page, scopes);
  return out;
}

}  // namespace jobmedic::reported
