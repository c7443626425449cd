import CLinux
import Netlink
import Testing

struct MessageTests {
    @Test func `attributes are padded to four bytes, and their lengths do not count the padding`() {
        var message = Message(type: RTM_GETNSID, family: rtgenmsg())
        message.put(1, UInt8(0xab))
        message.put(2, "eth0")
        message.put(3, [0x0a, 0, 0, 1])
        #expect(
            payload(of: message) == [
                0, 0, 0, 0,
                5, 0, 1, 0, 0xab, 0, 0, 0,
                9, 0, 2, 0, 0x65, 0x74, 0x68, 0x30, 0, 0, 0, 0,
                8, 0, 3, 0, 0x0a, 0, 0, 1,
            ])
    }

    @Test func `a nest brackets what its closure appends, and says that it is one`() {
        var message = Message(type: RTM_GETNSID, family: rtgenmsg())
        message.nest(18) { outer in
            outer.put(1, "veth")
            outer.nest(2) { $0.put(1, UInt16(7)) }
        }
        #expect(
            payload(of: message) == [
                0, 0, 0, 0,
                28, 0, 18, 0x80,
                9, 0, 1, 0, 0x76, 0x65, 0x74, 0x68, 0, 0, 0, 0,
                12, 0, 2, 0x80,
                6, 0, 1, 0, 7, 0, 0, 0,
            ])
    }

    @Test func `a measured header counts itself and what follows`() {
        var message = Message(type: RTM_GETNSID, family: rtgenmsg())
        var header = rtnexthop()
        header.rtnh_ifindex = 3
        message.putMeasured(header) { $0.put(5, [192, 168, 100, 1]) }
        #expect(payload(of: message) == [0, 0, 0, 0, 16, 0, 0, 0, 3, 0, 0, 0, 8, 0, 5, 0, 192, 168, 100, 1])
    }

    @Test func `attributes are read back in order, with their nests`() throws {
        var message = Message(type: RTM_GETNSID, family: rtgenmsg())
        message.put(1, UInt32(1500))
        message.nest(2) { $0.put(3, "bridge") }
        var types: [UInt16] = []
        var mtu: UInt32?
        var kind: String?
        try Attributes(message.payload, after: rtgenmsg.self).forEach { (type, value) throws(NetlinkError) in
            types.append(type)
            if type == 1 { mtu = try value.integer() as UInt32 }
            guard type == 2 else { return }
            try Attributes(value).forEach { (_, value) throws(NetlinkError) in kind = value.string }
        }
        #expect(types == [1, 2])
        #expect(mtu == 1500)
        #expect(kind == "bridge")
    }

    @Test(arguments: [
        ([3, 0, 1, 0], NetlinkError.malformedAttribute(type: 1, length: 3)),
        ([9, 0, 1, 0, 1, 2, 3, 4], .malformedAttribute(type: 1, length: 9)),
        ([255, 255, 5, 0, 0, 0, 0, 0], .malformedAttribute(type: 5, length: 65535)),
    ])
    func `an attribute longer than the message, or shorter than its header, is refused`(
        _ bytes: [UInt8], _ error: NetlinkError
    ) {
        let span = unsafe bytes.span.bytes
        var thrown: NetlinkError?
        do throws(NetlinkError) { try Attributes(span).forEach { _, _ in } } catch { thrown = error }
        #expect(thrown == error)
    }

    @Test func `a number longer than its attribute is refused`() {
        let bytes: [UInt8] = [1, 2]
        let span = unsafe bytes.span.bytes
        var thrown: NetlinkError?
        do throws(NetlinkError) { _ = try span.integer() as UInt32 } catch { thrown = error }
        #expect(thrown == .malformedPayload(length: 2))
    }

    private func payload(of message: Message) -> [UInt8] { message.payload.byteArray }
}
