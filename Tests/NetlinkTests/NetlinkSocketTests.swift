import CLinux
import Glibc
import Netlink
import TestSupport
import Testing

@Suite(.namespaces)
struct NetlinkSocketTests {
    @Test func `a batch carries out what it can, and tells which requests were refused, and why`() throws {
        let namespace = try NetworkNamespace()
        var socket = try namespace.run { () throws(SystemError) in try NetlinkSocket.open() }
        var batch = MessageBatch()
        batch.append(bridge("br0"))
        batch.append(bridge("br0"))
        batch.append(link("odd0", kind: "nonsense"))
        batch.append(bridge("br1"))
        let refusals = try socket.execute(batch)
        #expect(refusals.map(\.index) == [1, 2])
        #expect(refusals.first?.error == .refused(errno: EEXIST, message: nil))
        #expect(refusals.last?.error == .refused(errno: EOPNOTSUPP, message: "Unknown device type"))
        #expect(try names(in: &socket).sorted() == ["br0", "br1", "lo"])
    }

    @Test func `the last request of a batch can be the refused one`() throws {
        let namespace = try NetworkNamespace()
        var socket = try namespace.run { () throws(SystemError) in try NetlinkSocket.open() }
        var batch = MessageBatch()
        batch.append(bridge("br0"))
        batch.append(link("odd0", kind: "nonsense"))
        #expect(try socket.execute(batch).map(\.index) == [1])
    }

    @Test(arguments: [1, 200, 201, 1000])
    func `however many requests are refused, every refusal arrives`(_ count: Int) throws {
        let namespace = try NetworkNamespace()
        var socket = try namespace.run { () throws(SystemError) in try NetlinkSocket.open() }
        var batch = MessageBatch()
        for index in 0..<count { batch.append(link("odd\(index)", kind: "nonsense")) }
        #expect(try socket.execute(batch).map(\.index) == Array(0..<count))
        #expect(try names(in: &socket) == ["lo"])
    }

    @Test func `a single request's refusal is thrown`() throws {
        let namespace = try NetworkNamespace()
        var socket = try namespace.run { () throws(SystemError) in try NetlinkSocket.open() }
        #expect(throws: NetlinkError.refused(errno: EOPNOTSUPP, message: "Unknown device type")) {
            try socket.execute(link("odd0", kind: "nonsense"))
        }
    }

    @Test func `a reader that fails halfway leaves the socket usable`() throws {
        let namespace = try NetworkNamespace()
        var socket = try namespace.run { () throws(SystemError) in try NetlinkSocket.open() }
        var batch = MessageBatch()
        for index in 0..<300 { batch.append(bridge("br\(index)")) }
        #expect(try socket.execute(batch).isEmpty)
        #expect(throws: NetlinkError.malformedPayload(length: 0)) {
            try socket.execute(dump()) { _ throws(NetlinkError) in throw .malformedPayload(length: 0) }
        }
        #expect(try names(in: &socket).count == 301)
    }

    private func names(in socket: inout NetlinkSocket) throws(NetlinkError) -> [String] {
        try socket.dump(dump()) { message throws(NetlinkError) in
            var name: String?
            try Attributes(message, after: ifinfomsg.self).forEach { (type, value) throws(NetlinkError) in
                if Int(type) == IFLA_IFNAME { name = value.string }
            }
            return name
        }
    }

    private func dump() -> Message { Message(type: RTM_GETLINK, flags: NLM_F_DUMP, family: ifinfomsg()) }

    private func bridge(_ name: String) -> Message { link(name, kind: "bridge") }

    private func link(_ name: String, kind: String) -> Message {
        var request = Message(type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL, family: ifinfomsg())
        request.put(IFLA_IFNAME, name)
        request.nest(IFLA_LINKINFO) { $0.put(IFLA_INFO_KIND, kind) }
        return request
    }
}
