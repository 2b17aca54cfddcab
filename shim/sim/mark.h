/* SPDX-License-Identifier: 0BSD */
/* Rare states, each of which a long run must have reached: SIM_MARK(sim, NAME) where one is. */
#ifndef VETSOCK_SIM_MARK_H
#define VETSOCK_SIM_MARK_H

/* MARK(name, "what it is, for people"): add one where code tells a rare state apart. */
#define SIM_MARK_LIST(MARK) \
	MARK(RESET_WITH_UNREAD_DATA, "reset with unread data") \
	MARK(HANDSHAKE_WITHOUT_ROOM, "a handshake is done, and the listener's queue is full") \
	MARK(SYN_WITHOUT_ROOM, "a SYN finds the listener's queue full") \
	MARK(CONNECTED_TO_ITSELF, "a socket is connected to itself") \
	MARK(SIMULTANEOUS_CONNECT, "two connect to each other at once") \
	MARK(SYN_MEETS_TIME_WAIT, "a SYN finds its connection in TIME_WAIT") \
	MARK(SYN_MEETS_HALF_OPEN, "a SYN finds half a connection whose other host has crashed") \
	MARK(DATA_AFTER_CLOSE, "data arrives after a close, and is answered with a reset") \
	MARK(EMBRYO_RESET, "a connection is reset before its handshake is done") \
	MARK(SEGMENT_FOR_NOBODY, "a segment arrives where nobody knows of its connection") \
	MARK(CLOSED_BEFORE_ACCEPTED, "a listener closes with connections in its queue") \
	MARK(ACCEPTED_DEAD, "a connection is accepted that is over already") \
	MARK(CLOSE_LINGERS, "close waits, as linger says") \
	MARK(CLOSED_WITH_UNREAD_DATA, "closed with unread data") \
	MARK(CLOSED_WITH_LINGER_0, "closed with linger 0") \
	MARK(SYN_GIVEN_UP, "connecting is given up after the last SYN") \
	MARK(DATA_GIVEN_UP, "a connection is given up after the last retransmission") \
	MARK(PEER_FOUND_DEAD, "keepalive, or the user timeout, finds the peer dead") \
	MARK(HANDSHAKE_ASKED, "the answer to a SYN is sent again: the last step of a handshake did not come") \
	MARK(SYN_AGAIN, "a SYN comes again: the answer to it was lost") \
	MARK(ACKNOWLEDGEMENT_LOST, "an acknowledgement was lost, and is asked for") \
	MARK(TIME_WAIT_ANSWERS, "TIME_WAIT acknowledges an end once more") \
	MARK(WINDOW_PROBED, "a closed window is probed") \
	MARK(KEEPALIVE_SENT, "a keepalive probe is sent") \
	MARK(TIME_WAIT_OVER, "TIME_WAIT is over") \
	MARK(FIN_WAIT_2_OVER, "FIN_WAIT_2 of a closed socket is over") \
	MARK(WINDOW_OPENED, "a closed window opens") \
	MARK(SHORT_SEND, "send takes less than all") \
	MARK(HOST_CRASHED, "a host crashes") \
	MARK(HOST_RESTARTED, "a host comes back") \
	MARK(DATAGRAM_TRUNCATED, "datagram truncated") \
	MARK(DATAGRAM_NO_ROOM, "datagram dropped: the receiver's buffer is full") \
	MARK(LINK_QUEUE_FULL, "a packet is lost: it would wait too long for a slow link") \
	MARK(CUT_IN_TRANSFER, "a link is cut while something is under way") \
	MARK(CUT_ONE_WAY, "a link is cut one way") \
	MARK(LINK_WHOLE_AGAIN, "a link that was cut is whole again") \
	MARK(CRASH_IN_TRANSFER, "a host crashes while bytes are under way") \
	MARK(CRASH_WHILE_DOWN, "a host is to crash that is down already") \
	MARK(NOBODY_LEFT, "every actor has ended, and a crashed host is still to come back") \
	MARK(JUMP_BACK, "a clock goes back") \
	MARK(LIMIT_BELOW_OPEN, "a limit falls below what is open") \
	MARK(CALM_WITH_WORK, "all is calm while actors still work") \
	MARK(CALM_BRINGS_UP, "calm brings a host up") \
	MARK(SWARM_LEFT_NOTHING, "swarm switched all mischief off") \
	MARK(DATAGRAM_DOUBLED, "a datagram comes twice") \
	MARK(DATAGRAM_HELD_BACK, "a datagram is overtaken") \
	MARK(DATAGRAM_EMPTY, "a datagram of no bytes") \
	MARK(PORT_UNREACHABLE, "port unreachable, told by the next call") \
	MARK(SYN_REFUSED, "a SYN is refused: nobody listens") \
	MARK(SYN_LOST, "a SYN is lost") \
	MARK(END_LOST, "the end of a stream is lost") \
	MARK(RESET_LOST, "a reset is lost") \
	MARK(PROBE_LOST, "a probe is lost") \
	MARK(LOST_WITH_ITS_SENDER, "what was lost is not sent again: its sender is gone") \
	MARK(HANDSHAKE_DONE_BY_DATA, "a handshake is done by the data behind its last step") \
	MARK(END_BEFORE_ACCEPTED, "a peer ends before it is accepted") \
	MARK(BOTH_END_AT_ONCE, "both ends of a stream cross") \
	MARK(DATA_AFTER_OWN_END, "data arrives for one who has ended his half") \
	MARK(DATA_AFTER_SHUTDOWN, "data arrives for one who reads no more") \
	MARK(RESET_AFTER_END, "a reset after the peer's end: a broken pipe") \
	MARK(RESET_AFTER_CLOSE, "a reset after the own close") \
	MARK(PIECE_HELD_BACK, "a small piece waits for an acknowledgement, or a cork") \
	MARK(LINGER_OVER, "close has waited as long as linger says, in vain") \
	MARK(CRASH_WHILE_LINGERING, "a host crashes while a close waits") \
	MARK(CRASH_BEFORE_ACCEPTED, "a host crashes with connections in a queue") \
	MARK(NO_SUCH_HOST, "connecting ends: no host has the address") \
	MARK(ACCEPT_WITHOUT_DESCRIPTOR, "no descriptor is left for a connection in the queue") \
	MARK(DESCRIPTORS_USED_UP, "no descriptor is left for a new socket") \
	MARK(MEMORY_USED_UP, "no memory is left") \
	MARK(STORM_OF_CALLS, "calls come so often that they take more time") \
	MARK(WOKEN_IN_VAIN, "poll is woken, and finds nothing any more") \
	MARK(MANY_WOKEN, "one event wakes several who wait") \
	MARK(PORT_TAKEN, "a chosen port is taken, and the next is tried")

#define SIM_MARK_NUMBER(name, text) SIM_MARK_##name,
enum sim_mark { SIM_MARK_LIST(SIM_MARK_NUMBER) SIM_MARKS };

#define SIM_MARK(sim, name) vetsim_mark((sim), SIM_MARK_##name)
struct vet_sim;
void vetsim_mark(struct vet_sim *sim, enum sim_mark mark);

#endif
