import NetworkState
import Testing

struct IPAddressTests {
    @Test(arguments: [
        "0.0.0.0", "169.254.1.1", "255.255.255.255", "::", "::1", "fe80::ecee:eeff:feee:eeee", "2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8", "2001:db8:0:1::",
    ])
    func `an address is written as it was read`(_ text: String) throws {
        #expect(try #require(IPAddress(parsing: text)).description == text)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "1..2.3", ":", ":::", "1::2::3", "12345::",
        "g::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "fe80::1%eth0", " 1.2.3.4",
    ])
    func `what is no address is not read`(_ text: String) {
        #expect(IPAddress(parsing: text) == nil)
    }

    @Test(arguments: [
        ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("::ffff:10.0.0.1", "::ffff:a00:1"),
    ])
    func `IPv6 is written in RFC 5952's form`(_ text: String, _ canonical: String) throws {
        #expect(try #require(IPAddress(parsing: text)).description == canonical)
    }

    @Test(arguments: ["172.17.8.2", "fe80::1"])
    func `an address survives its bytes`(_ text: String) throws {
        let address = try #require(IPAddress(parsing: text))
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        ("ee:ee:ee:ee:ee:ee", "fe80::ecee:eeff:feee:eeee"), ("02:00:00:00:00:01", "fe80::ff:fe00:1"),
        ("34:56:78:9a:bc:de", "fe80::3656:78ff:fe9a:bcde"),
    ])
    func `a link's own address follows from its MAC address`(_ mac: String, _ address: String) throws {
        #expect(IPAddress(linkLocalOf: try #require(MACAddress(parsing: mac))).description == address)
    }

    @Test(arguments: [("255.255.255.255", 1), ("0.0.0.1", UInt128(UInt32.max))])
    func `counting past the last address gives none`(_ text: String, _ offset: UInt128) throws {
        #expect(try #require(IPAddress(parsing: text)).advanced(by: offset) == nil)
    }
}
