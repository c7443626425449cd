import CLinux
import Glibc

/// Tells that a namespace's network has changed: a socket to which the kernel announces what becomes of it.
///
/// It keeps the namespace alive for as long as it is open. A class, because arrays take no noncopyable elements.
package final class EventSocket: Sendable {
    package enum Subject: Hashable, Sendable {
        /// Links, addresses, routes, neighbours, forwarding entries, rules, next hops and the settings of links.
        case routing
        /// The tables of nftables.
        case filtering
    }

    /// What has been announced since it was last asked.
    package struct News: Hashable, Sendable {
        /// Something that the filter lets through.
        package var isRelevant = false
        /// Announcements were lost, for want of room.
        package var isOverrun = false
        /// The ports of the sockets by which what is relevant was asked for. A program's first socket has its process's
        /// number (`netlink_autobind` in net/netlink/af_netlink.c); zero is the kernel.
        package var askers: Set<UInt32> = []

        package init() {}
    }

    /// A burst that fits is one that costs no look at everything.
    private static let queueCapacity: CInt = 1 << 20
    /// The kernel fills at most so much in one read (`NLMSG_GOODSIZE` in linux/netlink.h), an event far less.
    private static let receiveCapacity = 16 * 1024
    /// How many announcements to read at once: someone who makes them faster than they are read holds up nobody.
    private static let batch = 4096

    package let subject: Subject
    package let descriptor: OwnedFileDescriptor

    private init(_ subject: Subject, owning descriptor: consuming OwnedFileDescriptor) {
        self.subject = subject
        self.descriptor = descriptor
    }

    /// Opens one in the calling thread's network namespace.
    package static func open(_ subject: Subject) throws(SystemError) -> EventSocket {
        let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let raw = try systemCall("open netlink socket") { socket(AF_NETLINK, type, subject.protocolNumber) }
        let opened = EventSocket(subject, owning: OwnedFileDescriptor(owning: raw))
        try opened.listen()
        return opened
    }

    private func listen() throws(SystemError) {
        let raw = descriptor.rawValue
        var address = sockaddr_nl()
        address.nl_family = UInt16(AF_NETLINK)
        let size = socklen_t(MemoryLayout<sockaddr_nl>.size)
        try systemCall("bind netlink socket") {
            unsafe withUnsafePointer(to: address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(raw, $0, size) }
            }
        }
        // Refused in a user namespace; the plain option is capped by `net.core.rmem_max`.
        if set(SOL_SOCKET, SO_RCVBUFFORCE, Self.queueCapacity) != 0 {
            _ = set(SOL_SOCKET, SO_RCVBUF, Self.queueCapacity)
        }
        for group in subject.groups {
            try systemCall("join netlink group \(group)") { set(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group) }
        }
    }

    private func set(_ level: CInt, _ option: CInt, _ value: CInt) -> CInt {
        var value = value
        return unsafe setsockopt(descriptor.rawValue, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Reads what waits.
    package func drain(_ filter: EventFilter) -> News {
        var news = News()
        var buffer = [UInt8](repeating: 0, count: Self.receiveCapacity)
        for _ in 0..<Self.batch {
            let count = unsafe recv(descriptor.rawValue, &buffer, buffer.count, 0)
            if count > 0 {
                unsafe read(buffer.span.bytes.extracting(0..<count), filter, &news)
            } else if count < 0, errno == ENOBUFS {
                news.isOverrun = true
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        return news
    }

    private func read(_ datagram: RawSpan, _ filter: EventFilter, _ news: inout News) {
        var rest = datagram
        while let message = ReceivedMessage(&rest) {
            // What cannot be read might matter.
            let isRelevant = subject == .filtering || (try? filter.admits(message)) ?? true
            guard isRelevant else { continue }
            news.isRelevant = true
            news.askers.insert(message.header.nlmsg_pid)
        }
    }
}

extension EventSocket.Subject {
    fileprivate var protocolNumber: CInt { self == .routing ? NETLINK_ROUTE : NETLINK_NETFILTER }

    fileprivate var groups: [CInt] {
        switch self {
        case .routing:
            [
                RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
                RTNLGRP_NEIGH, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_NEXTHOP, RTNLGRP_IPV4_NETCONF,
                RTNLGRP_IPV6_NETCONF,
            ].map { CInt($0.rawValue) }
        case .filtering: [CInt(NFNLGRP_NFTABLES.rawValue)]
        }
    }
}
