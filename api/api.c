#include "api/api.h"

struct api the_api = { .reply_partition = -1 };
