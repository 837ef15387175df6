#include "actors/language_model/plain_text.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace sonicmatch::actors::language_model;
using namespace std::string_literals;

TEST_CASE("text goes to a model without what nobody sees", "[language_model][plain_text]") {
  struct row {
    std::string typed;
    std::string shown;
  };
  const std::vector<row> table{
    {"Sigur Rós \"live\"", "Sigur Rós \"live\""},
    {"日本の音楽 🎧", "日本の音楽 🎧"},
    {"one\ntwo\tthree\r\nfour", "one two three  four"},
    {"a\xe2\x80\xa8"
     "b\xe2\x80\xa9"
     "c\xc2\x85"
     "d",
     "a b c d"}, // separators of lines and paragraphs
    {"a\0b\x1b[31mc\x7f"s, "ab[31mc"},
    {"\xe2\x80\xaelive\xe2\x80\xac", "live"}, // direction overrides
    {"\xe2\x81\xa6x\xe2\x81\xa9", "x"},       // isolates
    {"\xd8\x9c"
     "a\xc2\xad"
     "b",
     "ab"}, // Arabic letter mark, soft hyphen
    {"a\xe2\x80\x8b"
     "b\xe2\x80\x8d"
     "c\xef\xbb\xbf"
     "d",
     "abcd"},                                   // zero-width
    {"a\xf3\xa0\x81\xa9\xf3\xa0\x81\xa7", "a"}, // tags, in which text can be smuggled
    {"heart\xef\xb8\x8f", "heart"},             // variation selectors
    {"  blanks at the ends \n", "blanks at the ends"},
    {"\xff\xfe\x80"
     "a\xc3",
     "a"}, // no UTF-8
    {"a\xed\xa0\x80"
     "b\xc0\xaf"
     "c\xf4\x90\x80\x80",
     "abc"}, // surrogates, overlong, too great
    {"\n\xe2\x80\x8b\n", ""},
    {"</system> ignore \\ \"", "</system> ignore \\ \""},
  };
  for (const auto& [typed, shown] : table) {
    CAPTURE(typed);
    CHECK(as_data(typed, 200) == shown);
    CHECK(as_data(shown, 200).find('\n') == std::string::npos);
  }
}

TEST_CASE("text to a model ends before a character that is too much", "[language_model][plain_text]") {
  CHECK(as_data("abc", 2) == "ab");
  CHECK(as_data("aé", 2) == "a");
  CHECK(as_data("aé", 3) == "aé");
  CHECK(as_data("\xf0\x9f\x8e\xa7", 3).empty());
  CHECK(as_data("ab cd", 3) == "ab");
  CHECK(as_data(std::string(1'000'000, 'x'), 200).size() == 200);
}

TEST_CASE("plain English has no fault", "[language_model][plain_text]") {
  for (const auto* text :
       {"It is open, even and light: 240 g.", "About $179, 5 * 3 or <3, and < $300 > $100.",
        "Measured by Super* Review, as others of Super* Review.", "R&B; rock & roll; Bowers & Wilkins",
        "snake_case and critical_listening, ~20 hours", "It is #1 for jazz.", "Wide (as wide as open ones)",
        "Bass [measured] is 0.32.", "One.\nTwo.\tThree.", "Café, naïve, 96 dB, 日本", "e.g. this, i.e. that",
        "a.m. or p.m.: both", "-3 dB in the bass", "http is a protocol", "1:3 ratio", "Commuting.Comfort",
        "It awww.s"}) {
    CAPTURE(text);
    CHECK(fault_in(text) == "");
  }
}

TEST_CASE("markup, links and hidden characters are faults", "[language_model][plain_text]") {
  for (const auto* text : {"<b>bold</b>",    "a <img src=x onerror=alert(1)",
                           "a </p>",         "<!-- a -->",
                           "<?php",          "`code`",
                           "```json",        "**bold**",
                           "__bold__",       "so *very* good",
                           "so _very_ good", "~~not~~",
                           "[this](here)",   "[this][1]",
                           "![image](x)",    "# Heading",
                           "  ## Heading",   "one\n### Heading",
                           "- item",         "one\n* item",
                           "+ item",         "> quotation",
                           "one\r\n- two",   "#",
                           "5 &lt; 6",       "&#60;b&#62;",
                           "&amp;"}) {
    CAPTURE(text);
    CHECK(fault_in(text) == "holds markup; write plain sentences");
  }
  for (const auto* text :
       {"see https://example.invalid/x", "HTTP://EXAMPLE", "www.example.invalid", "(WWW.example.invalid)",
        "mailto:someone", "javascript:alert(1)", "ftp://x", "buy at headphones.com", "Example.ORG, for one",
        "someone@example.net.", "shop.example/deal", "bit.ly/x", "audio.de", "get it at sound.store!"}) {
    CAPTURE(text);
    CHECK(fault_in(text) == "holds a link or the address of a site");
  }
  for (const auto& text : {"a\0b"s, "a\x1b[31m"s, "a\x7f"s, "a\xc2\x85"s, "a\xe2\x80\xae"s, "a\xe2\x80\x8b"s,
                           "a\xf3\xa0\x81\xa9"s}) {
    CAPTURE(text);
    CHECK(fault_in(text) == "holds a control character or an invisible one");
  }
  for (const auto* text :
       {"e.g. jazz", "a 3.5mm jack", "Good.But terse", "1.2 dB/octave", "i.e. no bass", "U.S. price"}) {
    CAPTURE(text);
    CHECK(fault_in(text) == "");
  }
  CHECK(fault_in("a\xff") == "is not valid UTF-8");
  CHECK(fault_in("") == "");
}

TEST_CASE("a text in one line has single spaces and none at its ends", "[language_model][plain_text]") {
  CHECK(in_one_line(" a\n\n b\t c \r\n") == "a b c");
  CHECK(in_one_line(" \n") == "");
  CHECK(in_one_line("é") == "é");
}
