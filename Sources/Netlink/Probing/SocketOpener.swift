import CLinux
import Glibc

/// Opens sockets in many namespaces, whichever thread it is called from.
///
/// One thread goes through the namespaces of one request: 3 µs each.
package struct SocketOpener: Sendable {
    package struct Request: Hashable, Sendable {
        /// Index into the namespaces.
        package let namespace: Int
        package let kind: ProbeSocket.Kind
        package let family: SocketAddress.Family
        /// Of a server; 0 leaves it to the kernel.
        package let port: UInt16

        package init(namespace: Int, kind: ProbeSocket.Kind, family: SocketAddress.Family, port: UInt16 = 0) {
            self.namespace = namespace
            self.kind = kind
            self.family = family
            self.port = port
        }
    }

    private let namespaces: [Handle]

    /// Keeps duplicates of the namespaces' `descriptors`: the caller may close its own.
    package init(duplicating descriptors: [CInt]) throws(SystemError) {
        var namespaces: [Handle] = []
        for descriptor in descriptors {
            let raw = try systemCall("duplicate a namespace") { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
            namespaces.append(Handle(OwnedFileDescriptor(owning: raw)))
        }
        self.namespaces = namespaces
    }

    /// A socket for each request, in the order of the requests. Requests for one namespace should follow each other.
    package func open(_ requests: [Request]) throws(SystemError) -> [ProbeSocket] {
        if requests.isEmpty { return [] }
        let namespaces = namespaces
        return try onMovableThread { () throws(SystemError) in
            var sockets: [ProbeSocket] = []
            var current: Int?
            for request in requests {
                if request.namespace != current { try namespaces[request.namespace].enter() }
                current = request.namespace
                sockets.append(try ProbeSocket.open(request.kind, request.family, port: request.port))
            }
            return sockets
        }
    }

    /// An array's element may not be noncopyable.
    private final class Handle: Sendable {
        private let descriptor: OwnedFileDescriptor

        init(_ descriptor: consuming OwnedFileDescriptor) {
            self.descriptor = descriptor
        }

        /// Moves the calling thread, which must come back before anyone else runs on it.
        func enter() throws(SystemError) {
            try systemCall("enter a namespace") { clinux_setns(descriptor.rawValue, clinux_CLONE_NEWNET) }
        }
    }
}
