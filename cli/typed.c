/* SPDX-License-Identifier: 0BSD */
#include "typed.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "text.h"

int cli_refuse_typed(const char *command, const char *option, const char *text,
		     const struct vet_text_error *error)
{
	size_t size = strlen(text);

	fprintf(stderr, "%s: %s is wrong:\n", command, option);
	cli_put_text(stderr, text, size);
	(void)fputc('\n', stderr);
	cli_put_carets(stderr, text, size, error);
	return CLI_USAGE;
}

int cli_read_typed(const char *command, const char *option, const char *text,
		   bool (*read)(struct vet_scan *s, void *value), void *value)
{
	struct vet_scan s = { .text = text, .size = text == NULL ? 0 : strlen(text) };

	if (text == NULL)
		return 0;
	if (read(&s, value) &&
	    (vet_scan_at_end(&s) || vet_scan_misfit(&s, NULL, "nothing more is expected here")))
		return 0;
	return cli_refuse_typed(command, option, text, &s.error);
}
