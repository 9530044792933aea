#pragma once
#include <cstddef>
#include <string_view>

#include "classify/regex.hpp"

namespace jobmedic::classify {

constexpr std::size_t longest_document = std::size_t{256} * 1024;  // half a block: no split of the bytes parts one
constexpr int document_lines = 200;                                // that are looked at

/// Whether a whole text is no log but a document: code, a query, a manual, a table, a configuration, a chat. What such
/// a text says of failures it says of others. At least half of its lines look like a document's (frames
/// "document_line"), at most an eighth like a log's ("log_line"), and neither the first nor the last of them.
bool is_document(std::string_view text, RegexWorkspace& workspace);

}  // namespace jobmedic::classify
