import NetworkState
import Testing

struct NATTests {
    @Test func `a topology with pools keeps addresses inside and changes them outside`() {
        var rules = NATRules()
        rules.pools = [
            prefix("10.1.0.0/24"), prefix("10.0.0.0/24"), prefix("10.1.1.0/24"), prefix("10.1.2.0/24"),
            prefix("fd00::/64"),
        ]
        let sources = "{ 10.0.0.0/24, 10.1.0.0-10.1.2.255 }"
        #expect(
            rules.table(named: "weft-t")?.text == """
                table inet weft-t {
                \tchain postrouting {
                \t\ttype nat hook postrouting priority 100; policy accept;
                \t\tip saddr \(sources) ip daddr != \(sources) masquerade
                \t\tip6 saddr fd00::/64 ip6 daddr != fd00::/64 masquerade
                \t}
                }

                """)
    }

    @Test func `ports are published in both families, and hairpins come before departures`() {
        #expect(
            Self.docker.table(named: "weft-t")?.attributes.map(\.description) == [
                "ip daddr != 127.0.0.0/8 fib daddr type local tcp dport 8080 dnat ip to 172.17.0.2:80",
                "ip6 daddr != ::1 fib daddr type local udp dport 53 dnat ip6 to [fd00::2]:5353",
                "ip daddr != 127.0.0.0/8 fib daddr type local tcp dport 8080 dnat ip to 172.17.0.2:80",
                "ip6 daddr != ::1 fib daddr type local udp dport 53 dnat ip6 to [fd00::2]:5353",
                #"ip saddr 172.17.0.0/24 oifname "docker0" ct status dnat masquerade"#,
                #"ip6 saddr fd00::/64 oifname "docker0" ct status dnat masquerade"#,
                #"ip saddr 172.17.0.0/24 oifname != "docker0" masquerade"#,
                #"ip6 saddr fd00::/64 oifname != "docker0" masquerade"#,
            ])
    }

    @Test func `without rules there is no table`() {
        #expect(NATRules().table(named: "weft-t") == nil)
        var rules = NATRules()
        rules.pools = [.everything(.v4)]
        rules.bridge = .init(name: LinkName(known: "docker0"), subnets: [prefix("172.17.0.0/24")], masquerades: false)
        #expect(rules.table(named: "weft-t") == nil)
    }

    @Test func `a ledger gets a table back as it was, whoever wrote it`() throws {
        let table = try #require(Self.docker.table(named: "weft-t"))
        #expect(NATTable(json: table.json) == table)
        let foreign = NATTable(name: "weft-t", text: "table inet weft-t {\n\tset \"odd\" {\n\t}\n}\n")
        #expect(NATTable(json: foreign.json) == foreign)
        #expect(NATTable(json: .object(["name": "weft-t"])) == nil)
    }

    @Test func `what is not of the usual frame is told`() {
        let text = """
            table inet weft-t {
            \tset s {
            \t\ttype ipv4_addr
            \t\telements = { 10.0.0.1,
            \t\t             10.0.0.2 }
            \t}

            \tchain output {
            \t\ttype nat hook output priority -100; policy drop;
            \t}
            }

            """
        let table = NATTable(name: "weft-t", text: text)
        #expect(
            table.attributes.map(\.description) == [
                "set s {", "type ipv4_addr", "elements = { 10.0.0.1,", "10.0.0.2 }",
                "type nat hook output priority -100; policy drop;",
            ])
        #expect(
            table.replacementLine == """
                table inet weft-t; delete table inet weft-t; table inet weft-t { set s { type ipv4_addr; \
                elements = { 10.0.0.1, 10.0.0.2 }; }; chain output { type nat hook output priority -100; policy drop; \
                }; }
                """)
    }

    @Test(arguments: [
        ("8080:80", PublishedPort(hostPort: 8080, containerPort: 80)),
        ("53:5353/udp", PublishedPort(hostPort: 53, containerPort: 5353, transport: .udp)),
        ("1:65535/tcp", PublishedPort(hostPort: 1, containerPort: 65535)),
    ])
    func `a published port is read`(_ text: String, _ port: PublishedPort) {
        #expect(PublishedPort(parsing: text) == port)
        #expect(PublishedPort(parsing: port.description) == port)
    }

    @Test(arguments: [
        "", ":", "80", "80:", ":80", "0:80", "80:0", "65536:80", "80:80/", "80:80/sctp", "80:80/tcp/udp", "+80:80",
        "80 :80", "127.0.0.1:80:80", "80:80:80", "８0:80",
    ])
    func `anything else is no published port`(_ text: String) {
        #expect(PublishedPort(parsing: text) == nil)
    }

    private static var docker: NATRules {
        var rules = NATRules()
        let subnets = [prefix("172.17.0.0/24"), prefix("fd00::/64")]
        rules.bridge = .init(name: LinkName(known: "docker0"), subnets: subnets, masquerades: true)
        rules.published = [
            .init(PublishedPort(hostPort: 53, containerPort: 5353, transport: .udp), to: prefix("fd00::2/128").address),
            .init(PublishedPort(hostPort: 8080, containerPort: 80), to: prefix("172.17.0.2/32").address),
        ]
        return rules
    }
}

private func prefix(_ text: String) -> IPPrefix {
    guard let prefix = IPPrefix(parsing: text) else { preconditionFailure("'\(text)' is no prefix") }
    return prefix
}
