#pragma once

// Debian 12 has Catch2 2.13, one header; Debian 13 has 3.x.
#if __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
using Catch::Approx;
#endif
