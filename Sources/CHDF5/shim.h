// What Swift cannot import from hdf5.h: macros that expand to expressions, functions whose
// signature depends on the library's version, and callbacks that need C linkage.
#pragma once
#include <hdf5.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static inline hid_t hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t hdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t hdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t hdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t hdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t hdf5_native_bits(void) { return H5T_NATIVE_B8; }
static inline hid_t hdf5_file_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t hdf5_file_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t hdf5_file_int64(void) { return H5T_STD_I64LE; }
static inline hid_t hdf5_file_int32(void) { return H5T_STD_I32LE; }
static inline hid_t hdf5_file_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }
static inline size_t hdf5_variable_length(void) { return H5T_VARIABLE; }
static inline unsigned hdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned hdf5_create_or_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t hdf5_file_creation(void) { return H5P_FILE_CREATE; }
static inline hid_t hdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t hdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t hdf5_default(void) { return H5P_DEFAULT; }

// Locks the file as the library does by itself, but reads on where a file system has no locks.
static inline void hdf5_lock_if_possible(hid_t access) {
#if H5_VERSION_GE(1, 14, 0) || (H5_VERSION_GE(1, 12, 1) && !H5_VERSION_GE(1, 13, 0)) \
    || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 11, 0))
  H5Pset_file_locking(access, 1, 1);
#else
  (void)access;
#endif
}

static inline herr_t hdf5_refuse_external_link(
    const char *parent_file, const char *parent_group, const char *child_file,
    const char *child_object, unsigned *flags, hid_t access, void *data) {
  (void)parent_file, (void)parent_group, (void)child_file, (void)child_object;
  (void)flags, (void)access, (void)data;
  return -1;
}

// A link access list under which no external link is ever followed.
static inline hid_t hdf5_access_inside_file(void) {
  hid_t list = H5Pcreate(H5P_LINK_ACCESS);
  if (list >= 0) H5Pset_elink_cb(list, hdf5_refuse_external_link, NULL);
  return list;
}

// 0 hard, 1 soft, 64 external, other numbers: made by users; -1: no such link.
static inline int hdf5_link_kind(hid_t group, const char *name, size_t *value_size) {
#if H5_VERSION_GE(1, 12, 0)
  H5L_info2_t info;
  if (H5Lget_info2(group, name, &info, H5P_DEFAULT) < 0) return -1;
#else
  H5L_info_t info;
  if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
#endif
  *value_size = info.type == H5L_TYPE_HARD ? 0 : info.u.val_size;
  return (int)info.type;
}

// 0 group, 1 dataset, 2 named type, -1 unknown. `place` tells objects of a file apart.
static inline int hdf5_object_kind(hid_t object, uint64_t *place) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info3(object, &info, H5O_INFO_BASIC) < 0) return -1;
  memcpy(place, &info.token, sizeof *place);
#else
  H5O_info_t info;
  if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0) return -1;
  *place = info.addr;
#endif
  return (int)info.type;
}

// `visit` returns 0 to go on, 1 to stop.
typedef int (*hdf5_name_visitor)(const char *name, void *context);
struct hdf5_visit { hdf5_name_visitor visitor; void *context; };

#if H5_VERSION_GE(1, 12, 0)
static inline herr_t hdf5_visit_link(
    hid_t group, const char *name, const H5L_info2_t *info, void *data) {
#else
static inline herr_t hdf5_visit_link(
    hid_t group, const char *name, const H5L_info_t *info, void *data) {
#endif
  (void)group, (void)info;
  struct hdf5_visit *visit = (struct hdf5_visit *)data;
  return visit->visitor(name, visit->context);
}

// Names of a group's links in increasing order.
static inline int hdf5_visit_links(hid_t group, hdf5_name_visitor visitor, void *context) {
  struct hdf5_visit visit = {visitor, context};
  hsize_t position = 0;
#if H5_VERSION_GE(1, 12, 0)
  return H5Literate2(group, H5_INDEX_NAME, H5_ITER_INC, &position, hdf5_visit_link, &visit);
#else
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, hdf5_visit_link, &visit);
#endif
}

static inline herr_t hdf5_visit_attribute(
    hid_t object, const char *name, const H5A_info_t *info, void *data) {
  (void)object, (void)info;
  struct hdf5_visit *visit = (struct hdf5_visit *)data;
  return visit->visitor(name, visit->context);
}

// Names of an object's attributes in increasing order.
static inline int hdf5_visit_attributes(
    hid_t object, hdf5_name_visitor visitor, void *context) {
  struct hdf5_visit visit = {visitor, context};
  hsize_t position = 0;
  return H5Aiterate2(
      object, H5_INDEX_NAME, H5_ITER_INC, &position, hdf5_visit_attribute, &visit);
}

struct hdf5_messages { char outer[240]; char inner[240]; };

static inline herr_t hdf5_note_message(unsigned n, const H5E_error2_t *error, void *data) {
  struct hdf5_messages *messages = (struct hdf5_messages *)data;
  char *place = n == 0 ? messages->outer : messages->inner;
  snprintf(place, sizeof messages->outer, "%s", error->desc ? error->desc : "");
  return 0;
}

// What the library said last: of the function called, and of the innermost one that failed.
static inline struct hdf5_messages hdf5_last_messages(void) {
  struct hdf5_messages messages;
  memset(&messages, 0, sizeof messages);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, hdf5_note_message, &messages);
  H5Eclear2(H5E_DEFAULT);
  return messages;
}

static inline void hdf5_print_no_errors(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }
static inline void hdf5_load_no_plugins(void) { H5PLset_loading_state(0); }

// Gives back what reading variable-length strings allocated.
static inline herr_t hdf5_free_strings(hid_t type, hid_t space, void *buffer) {
#if H5_VERSION_GE(1, 12, 0)
  return H5Treclaim(type, space, H5P_DEFAULT, buffer);
#else
  return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
#endif
}
