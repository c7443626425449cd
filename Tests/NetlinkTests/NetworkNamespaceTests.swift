import Glibc
import Netlink
import TestSupport
import Testing

@Suite(.namespaces)
struct NetworkNamespaceTests {
    private func own() throws -> NetworkNamespace.Identity { try NetworkNamespace.current().identity }

    @Test func `a visit is in the other namespace, and the thread is back where it was afterwards`() throws {
        let before = try own()
        let one = try NetworkNamespace()
        let other = try NetworkNamespace()
        let identities = [try one.identity, try other.identity, try one.identity]
        #expect(try own() == before)
        let descriptor = other.descriptor.rawValue
        let seen = try one.run { () throws(SystemError) in
            [
                try NetworkNamespace.current().identity,
                try NetworkNamespace.open("/proc/self/fd/\(descriptor)").run { () throws(SystemError) in
                    try NetworkNamespace.current().identity
                },
                try NetworkNamespace.current().identity,
            ]
        }
        #expect(seen == identities)
        #expect(try own() == before)
    }

    @Test func `a visit that fails comes back too`() throws {
        let before = try own()
        let namespace = try NetworkNamespace()
        #expect(throws: SystemError("nothing", errno: EINVAL)) {
            try namespace.run { () throws(SystemError) in throw SystemError("nothing", errno: EINVAL) }
        }
        #expect(try own() == before)
    }
}
