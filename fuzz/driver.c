/* SPDX-License-Identifier: 0BSD */
/* Runs a fuzz target on given inputs, without any fuzzer: files, and all that is in directories.  Each
 * input lies in a heap block of its very size, so that AddressSanitizer and Valgrind see who reads on. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* A target may have it; a sanitizer calls what it is given before it ends the program. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *count, char ***arguments);
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

static bool is_verbose;
static size_t inputs;
static const char *running; /* the path of the input */

/* ---- who dies, says of what ---- */

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* nobody is left to be told */
}

static void say_running(void)
{
	if (running == NULL)
		return;
	say("this input was running: ");
	say(running);
	say("\n");
}

static void die(int number)
{
	say_running();
	(void)raise(number); /* its own action is the default again */
}

static void watch(void)
{
	static const int deaths[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action = { .sa_handler = die, .sa_flags = (int)SA_RESETHAND };
	/* A sanitizer reports the others itself, if it is let. */
	size_t count = sizeof(deaths) / sizeof(deaths[0]);

	if (__sanitizer_set_death_callback != NULL) {
		__sanitizer_set_death_callback(say_running);
		count = 1;
	}
	for (size_t i = 0; i < count; i++)
		(void)sigaction(deaths[i], &action, NULL);
}

/* ---- inputs ---- */

static bool complain(const char *path, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", path, why);
	return false;
}

static void run(const char *path, const uint8_t *data, size_t size)
{
	running = path;
	if (is_verbose)
		(void)fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(data, size);
	running = NULL;
	inputs++;
}

static bool run_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size);
	FILE *file = fopen(path, "rb");
	bool is_read =
		file != NULL && (size == 0 || (data != NULL && fread(data, size, 1, file) == 1));

	if (is_read)
		run(path, data, size);
	else
		(void)complain(path, strerror(errno));
	if (file != NULL)
		(void)fclose(file);
	free(data);
	return is_read;
}

static bool run_path(const char *path);

static bool run_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	bool good = true;

	if (count < 0)
		return complain(path, strerror(errno));
	for (int i = 0; i < count; i++) {
		char inside[4096];
		int size = snprintf(inside, sizeof(inside), "%s/%s", path, entries[i]->d_name);

		if (entries[i]->d_name[0] != '.')
			good = size < (int)sizeof(inside) && run_path(inside) && good;
		free(entries[i]);
	}
	free(entries);
	return good;
}

static bool run_path(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return complain(path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return run_directory(path);
	/* Of a pipe or a device nobody knows how much there is. */
	return S_ISREG(status.st_mode) ? run_file(path, (size_t)status.st_size)
				       : complain(path, "this is neither a file nor a directory");
}

static int use(FILE *to, const char *name, int status)
{
	(void)fprintf(
		to,
		"usage: %s [-v] FILE|DIRECTORY...\n"
		"Runs the fuzz target once on each file, and on all files of each directory.\n"
		"-v: says each one's name before\n",
		name);
	return status;
}

int main(int count, char **arguments)
{
	int i = 1;
	bool good = true;

	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&count, &arguments);
	if (count == 2 && strcmp(arguments[1], "--help") == 0)
		return use(stdout, arguments[0], 0);
	is_verbose = count > 1 && strcmp(arguments[1], "-v") == 0;
	i += is_verbose;
	if (i >= count || arguments[i][0] == '-')
		return use(stderr, arguments[0], 2);
	watch();
	for (; i < count; i++)
		good = run_path(arguments[i]) && good;
	(void)printf("%zu inputs\n", inputs);
	return good ? 0 : 1;
}
