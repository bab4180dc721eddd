// The digests of OpenSSL's libcrypto, which libhdf5 itself links.
#include <openssl/evp.h>
