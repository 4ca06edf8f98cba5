#include "input/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <span>
#include <stdexcept>

namespace traingrid {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  std::string text;
  for (const unsigned char byte : std::span(digest).first(length)) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace traingrid
