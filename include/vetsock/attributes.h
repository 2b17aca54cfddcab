/* SPDX-License-Identifier: 0BSD */
/* Compiler attributes used by the public headers; nothing here depends on the operating system. */
#ifndef VETSOCK_ATTRIBUTES_H
#define VETSOCK_ATTRIBUTES_H

#if defined(__GNUC__)
#define VET_API __attribute__((visibility("default")))
/* The result must be looked at: ignoring it is a compiler warning. */
#define VET_CHECKED __attribute__((warn_unused_result))
#else
#define VET_API
#define VET_CHECKED
#endif

#ifdef __cplusplus
#define VET_BEGIN_DECLS extern "C" {
#define VET_END_DECLS   }
#define VET_ALIGNED_8   alignas(8)
#else
#define VET_BEGIN_DECLS
#define VET_END_DECLS
#define VET_ALIGNED_8 _Alignas(8)
#endif

#endif
