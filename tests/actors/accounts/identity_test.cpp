#include "actors/accounts/identity.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch::actors::accounts;

TEST_CASE("an e-mail is taken in lower case and without white space around it", "[accounts]") {
  CHECK(normalised_email("  Ann.Other+tag@Example.COM\n") == "ann.other+tag@example.com");
  CHECK(normalised_email("o'neil@mail.example.co.uk") == "o'neil@mail.example.co.uk");
  CHECK(normalised_email("a@xn--bcher-kva.example") == "a@xn--bcher-kva.example");
}

TEST_CASE("what is no e-mail address is refused", "[accounts]") {
  for (const auto* text : {"",
                           "@",
                           "a@",
                           "@example.com",
                           "a@localhost",
                           "a@example",
                           "a@.com",
                           "a@example.",
                           "a@@example.com",
                           "a@b@example.com",
                           "a b@example.com",
                           "a@exa mple.com",
                           ".a@example.com",
                           "a.@example.com",
                           "a..b@example.com",
                           "a@-example.com",
                           "a@example-.com",
                           "a@example.1",
                           "a@127.0.0.1",
                           "\"a\"@example.com",
                           "a@[127.0.0.1]",
                           "a\r\nb@example.com",
                           "ü@example.com",
                           "a@exämple.com",
                           "a,b@example.com",
                           "<a@example.com>"}) {
    CAPTURE(text);
    CHECK_FALSE(normalised_email(text));
  }
  CHECK_FALSE(normalised_email(std::string_view{"a\0b@example.com", 15}));
}

TEST_CASE("an e-mail has 254 bytes at most, its local part 64, each label 63", "[accounts]") {
  auto labels = [](std::size_t size) {
    std::string out;
    while (out.size() + 64 < size)
      out += std::string(63, 'd') + ".";
    return out + std::string(size - out.size() - 4, 'e') + ".com";
  };
  std::string local(64, 'a');
  CHECK(normalised_email(local + "@" + labels(189)));
  CHECK_FALSE(normalised_email(local + "@" + labels(190)));
  CHECK_FALSE(normalised_email(local + "a@example.com"));
  CHECK(normalised_email("a@" + std::string(63, 'd') + ".com"));
  CHECK_FALSE(normalised_email("a@" + std::string(64, 'd') + ".com"));
}

TEST_CASE("a password has 10 to 128 characters, of any kind", "[accounts]") {
  CHECK(mistake_in_password("ninechars", "a@b.com") == "must have 10 to 128 characters");
  CHECK(mistake_in_password("tencharact", "a@b.com").empty());
  CHECK(mistake_in_password("zehnzeichä", "a@b.com").empty());
  CHECK(mistake_in_password("neunzeich", "a@b.com") == "must have 10 to 128 characters");
  CHECK(mistake_in_password("         !", "a@b.com").empty());
  std::string longest;
  for (int i = 0; i < 64; ++i)
    longest += "€a";
  CHECK(mistake_in_password(longest, "a@b.com").empty());
  CHECK_FALSE(mistake_in_password(longest + "a", "a@b.com").empty());
}

TEST_CASE("passwords that everybody tries are refused", "[accounts]") {
  for (const auto* text :
       {"1234567890", "password123", "PassWord123", "qwertyuiop", "aaaaaaaaaaaa", "AaAaAaAaAa"})
    CHECK_FALSE(mistake_in_password(text, "a@b.com").empty());
  CHECK(mistake_in_password("Ann@Example.com", "ann@example.com") == "must not be the e-mail address");
}

TEST_CASE("a display name is trimmed, short, and of printable characters", "[accounts]") {
  CHECK(normalised_display_name("  Ann Öther ") == "Ann Öther");
  CHECK_FALSE(normalised_display_name("   "));
  CHECK_FALSE(normalised_display_name("a\tb"));
  CHECK_FALSE(normalised_display_name(std::string(81, 'a')));
  CHECK(normalised_display_name(std::string(80, 'a')));
}
