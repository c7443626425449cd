import CLinux
import Glibc
import Synchronization

/// A packet socket in each of many namespaces, opened and closed together.
///
/// The kernel lets nobody close a packet socket before every processor has looked away from it (`packet_release` in
/// net/packet/af_packet.c): ten milliseconds each, one after the other, but not more side by side.
package final class TapSet: Sendable {
    /// Sockets are closed on so many threads.
    private static let closers = 64

    private let sockets: Mutex<[TapSocket]>

    /// Opens one in each of `namespaces`, which are descriptors.
    package init(in namespaces: [CInt]) throws(SystemError) {
        try PacketStamps.switchOn()
        let opened = try onMovableThread { () throws(SystemError) in
            var sockets: [TapSocket] = []
            for namespace in namespaces {
                try systemCall("enter a namespace") { clinux_setns(namespace, clinux_CLONE_NEWNET) }
                sockets.append(try TapSocket.open())
            }
            return sockets
        }
        sockets = Mutex(opened)
    }

    /// In the namespaces' order.
    package var all: [TapSocket] { sockets.withLock { $0 } }

    deinit {
        var shares: [Share] = []
        sockets.withLock { sockets in
            let size = max(1, (sockets.count + Self.closers - 1) / Self.closers)
            while !sockets.isEmpty {
                shares.append(Share(Array(sockets.suffix(size))))
                sockets.removeLast(min(size, sockets.count))
            }
        }
        Self.close(shares)
    }

    private static func close(_ shares: [Share], from index: Int = 0) {
        guard index < shares.count else { return }
        let share = shares[index]
        guard let thread = try? RunningThread({ share.close() }) else {
            share.close()
            return close(shares, from: index + 1)
        }
        close(shares, from: index + 1)
        _ = thread.join()
    }

    /// What one thread closes.
    private final class Share: Sendable {
        private let sockets: Mutex<[TapSocket]>

        init(_ sockets: [TapSocket]) { self.sockets = Mutex(sockets) }

        func close() { sockets.withLock { $0 = [] } }
    }
}
