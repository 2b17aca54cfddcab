/* SPDX-License-Identifier: 0BSD */
/* Prints the descriptors that this program was started with: what leaked through exec is there. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	DIR *directory = opendir("/proc/self/fd");
	if (directory == NULL) {
		return 1;
	}
	int own = dirfd(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] != '.' && strtol(entry->d_name, NULL, 10) != own) {
			(void)printf("%s ", entry->d_name);
		}
	}
	closedir(directory);
	return 0;
}
