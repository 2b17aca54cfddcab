/* SPDX-License-Identifier: 0BSD */
/* A C++17 program outside the tree: a datagram socket that writes to itself, under a class that
 * closes it. */
#include <cstdio>
#include <cstring>

#include <vetsock/vetsock.h>

namespace
{

class Datagram
{
      public:
	Datagram() = default;
	Datagram(const Datagram &) = delete;
	Datagram &operator=(const Datagram &) = delete;
	~Datagram()
	{
		vet_socket_close(&socket_);
	}

	int open(struct vet_address &at)
	{
		int error = vet_socket_datagram(&socket_, at.ip.family);
		if (error == 0)
			error = vet_socket_bind(&socket_, &at);
		return error == 0 ? vet_socket_local_address(&socket_, &at) : error;
	}

	ssize_t send_to(const char *text, const struct vet_address &to)
	{
		return vet_socket_send_to(&socket_, text, std::strlen(text), &to);
	}

	template <std::size_t size> ssize_t receive(char (&data)[size])
	{
		vet_socket_timeout_after(&socket_, VET_SECONDS(10));
		return vet_socket_read(&socket_, data, size);
	}

      private:
	vet_socket socket_{};
};

} // namespace

int main()
{
	Datagram datagram;
	struct vet_address at = vet_address_of(vet_ipv4(127, 0, 0, 1), 0);
	char data[16] = {};
	int error = datagram.open(at);
	if (error == 0 && (datagram.send_to("hello", at) != 5 || datagram.receive(data) != 5))
		error = VET_EOF;
	std::puts(vet_error_name(error));
	return error < 0 || std::strcmp(data, "hello") != 0;
}
