// Hostile and random text: linear, idempotent, deterministic, never a crash.
#include <catch2/catch.hpp>
#include <random>

#include "jobmedic/secrets.hpp"

using namespace jobmedic;

namespace {

std::string repeated(std::string_view piece, std::size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  return text;
}

void check_disjoint(const std::vector<SecretSpan>& spans, std::size_t size) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    REQUIRE(spans[i].begin < spans[i].end);
    REQUIRE(spans[i].end <= size);
    if (i > 0) REQUIRE(spans[i - 1].end <= spans[i].begin);
  }
}

}  // namespace

TEST_CASE("a text of nothing but beginnings of secrets is searched in linear time") {
  const SecretMask mask;
  for (const char* piece : {"a",
                            "password=",
                            "password='",
                            "password=\"",
                            "password ",
                            "token=eyJ",
                            "://",
                            "://a:b",
                            "-----BEGIN ",
                            "-----BEGIN PRIVATE KEY-----",
                            "AKIA",
                            "Bearer ",
                            "eyJ.",
                            "authorization:basic ",
                            "secret.key.",
                            "\\\"password\\\":\\\"",
                            "password=((((",
                            "password={{",
                            "password:: ",
                            "<password>",
                            "(password,",
                            "--password ",
                            "thin:a/",
                            "SKSK"}) {
    const std::string text = repeated(piece, std::size_t{256} * 1024);
    CAPTURE(piece);
    check_disjoint(mask.find(text), text.size());  // were it quadratic, this would take minutes
  }
}

TEST_CASE("masking what is masked changes nothing, whatever the text") {
  std::mt19937_64 random(1);
  static const std::vector<std::string> pieces{"password",
                                               "=",
                                               ":",
                                               " ",
                                               "\"",
                                               "'",
                                               "\\\"",
                                               "\\",
                                               ",",
                                               ";",
                                               "(",
                                               ")",
                                               "{",
                                               "}",
                                               "<",
                                               ">",
                                               "</",
                                               "****",
                                               "a",
                                               "B7",
                                               "token",
                                               "secret",
                                               "\n",
                                               "://",
                                               "@",
                                               "u:p",
                                               "AKIAIOSFODNN7EXAMPLE",
                                               "-----BEGIN PRIVATE KEY-----",
                                               "-----END PRIVATE KEY-----",
                                               "eyJhbGciOiJI.eyJzdWIiOiIx",
                                               ".",
                                               "Bearer ",
                                               "value",
                                               "--",
                                               "->",
                                               "=>",
                                               "&",
                                               "${X}",
                                               "null",
                                               "fs.azure.account.key.",
                                               "\xff",
                                               "identified by '",
                                               "x1y2z3w4v5u6t7s8",
                                               "[",
                                               "]",
                                               "`"};
  const SecretMask mask;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t count = random() % 14; count > 0; --count) text += pieces[random() % pieces.size()];
    const std::string once = mask.mask(text);
    CAPTURE(text);
    REQUIRE(mask.mask(once) == once);
    check_disjoint(mask.find(text), text.size());
  }
}

TEST_CASE("a secret longer than any window is masked to its end") {
  const SecretMask mask;
  const std::string longer(100'000, 'q');
  CHECK(mask.mask("password=" + longer + " next") == "password=**** next");
  CHECK(mask.mask("--password '" + longer + "' next").find('x', 20) ==
        std::string("--password '****' next").find('x', 20));
  CHECK(mask.mask("Bearer " + longer + " next") == "Bearer **** next");
}

TEST_CASE("a part of a text shows no half of a secret") {
  const std::string text = "url=jdbc:x password=hunter2hunter2 end";
  const auto spans = SecretMask().find(text);
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    for (std::size_t end = begin; end <= text.size(); ++end) {
      CHECK(masked_part(text, begin, end, spans).find("unter") == std::string::npos);
    }
  }
  CHECK(masked_part(text, 0, text.size(), spans) == "url=jdbc:x password=**** end");
  CHECK(masked_part(text, 0, 22, spans) == "url=jdbc:x password=****");
  CHECK(masked_part(text, 25, text.size(), spans) == "**** end");
}
