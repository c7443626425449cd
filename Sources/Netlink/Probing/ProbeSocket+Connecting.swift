import CLinux
import Glibc

extension ProbeSocket {
    /// Starts a connection and returns 0 or the errno; an attempt under way counts as started.
    package func connect(to peer: SocketAddress) -> CInt {
        let raw = descriptor.rawValue
        let code = unsafe peer.withPointer { address, length in
            errnoOf { Int(unsafe Glibc.connect(raw, address, length)) }
        }
        return code == EINPROGRESS ? 0 : code
    }

    /// Takes the errno that waits in the socket, `SO_ERROR`; 0 if none does.
    package func takeError() -> CInt {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        let result = unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &code, &length)
        return result == 0 ? code : errno
    }

    /// The round trip of a connection as the kernel measures it, from its first two packets on (`tcpi_rtt` of tcp(7)):
    /// free of whatever time passes before a program looks. Nil when it has measured none.
    package var roundTripMicroseconds: Int? {
        var info = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        let result = unsafe getsockopt(descriptor.rawValue, CInt(IPPROTO_TCP), TCP_INFO, &info, &length)
        return result == 0 && info.tcpi_rtt > 0 ? Int(info.tcpi_rtt) : nil
    }

    /// The next connection that waits, and who made it; nil if none does. Where it is this machine that has no room for one,
    /// that must not pass for the network's fault.
    package func accept() throws(SystemError) -> (connection: ProbeSocket, peer: SocketAddress)? {
        var bytes = [UInt8](repeating: 0, count: SocketAddress.maximumSize)
        let raw = descriptor.rawValue
        let accepted = unsafe bytes.withUnsafeMutableBytes {
            unsafe clinux_accept_nonblocking(raw, $0.baseAddress, UInt32($0.count))
        }
        guard accepted >= 0 else {
            if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) { throw SystemError("accept a connection") }
            return nil
        }
        let connection = ProbeSocket(.connection, family, owning: OwnedFileDescriptor(owning: accepted))
        guard let peer = unsafe SocketAddress(reading: bytes.span.bytes) else { return nil }
        return (connection, peer)
    }

    /// Writes to a connection and returns 0 or the errno. Short of a full send buffer, which a first message of
    /// a connection cannot meet, all of it is taken.
    package func write(_ bytes: [UInt8]) -> CInt {
        let raw = descriptor.rawValue
        return unsafe bytes.withUnsafeBytes { bytes in
            errnoOf { unsafe Glibc.send(raw, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)) }
        }
    }

    /// What a connection has received: no bytes when there is nothing yet.
    package func read(upTo count: Int) -> ConnectionReading {
        let raw = descriptor.rawValue
        var code: CInt = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, received in
            code = errnoOf {
                let result = unsafe recv(raw, bytes.baseAddress, bytes.count, 0)
                received = max(0, result)
                return result
            }
        }
        if code == EAGAIN { return .bytes([]) }
        return code == 0 && !bytes.isEmpty ? .bytes(bytes) : .ended(code)
    }
}

/// What came of reading from a connection.
package enum ConnectionReading: Sendable {
    case bytes([UInt8])
    /// It is over, by this errno; 0 where the other side has ended it.
    case ended(CInt)
}
