/* SPDX-License-Identifier: 0BSD */
/* Prints the dictionary of a fuzz target, in the form that libFuzzer and AFL++ read. */
#include <stdio.h>

#include "fuzz.h"

static void print_word(const char *word)
{
	(void)putchar('"');
	for (; *word != '\0'; word++) {
		unsigned char byte = (unsigned char)*word;

		if (byte == '"' || byte == '\\')
			(void)printf("\\%c", byte);
		else if (byte < ' ' || byte > '~')
			(void)printf("\\x%02x", byte);
		else
			(void)putchar(byte);
	}
	(void)puts("\"");
}

int main(int count, char **arguments)
{
	static const char *words[VET_FUZZ_WORDS];
	size_t all;

	if (count != 2) {
		(void)fprintf(stderr, "usage: %s TARGET\n", arguments[0]);
		return 2;
	}
	all = vet_fuzz_words(arguments[1], words);
	(void)printf("# %s: %zu words\n", arguments[1], all);
	for (size_t i = 0; i < all; i++)
		print_word(words[i]);
	return fflush(stdout) == 0 ? 0 : 1;
}
