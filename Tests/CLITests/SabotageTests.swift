import Applier
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// Topologies in which something is broken on purpose: as they were before, they are proven; broken, they are not, and the
/// report says who is to blame.
@Suite(.namespaces)
struct SabotageTests {
    /// By file: what fails, and who it is.
    private static let culprits: [String: [String]] = [
        "bad-wire": [
            "culprit: wire A--lan is impaired at A:eth0 and lan:A.eth0: loss 100%, by the event 'the wire goes bad'  # ",
            "bad-wire.json:13:5\n", #"way out: an event { "clear": "A:eth0" }"#,
        ],
        "blackhole-route": [
            "A drops it without a word by a blackhole route that is not weft's, for 172.17.9.2/32 (",
            "way out: ip route delete blackhole 172.17.9.2 ",
        ],
        "duplicate-address": ["address A/172.17.9.2/32 dev lo is a duplicate: B1 has it"],
        "firewalled-container": [
            "last seen at B1:eth0, incoming",
            #"nft rule B1/inet guard in is not weft's: iifname "eth0" drop"#, "way out: nft delete table inet guard",
        ],
        "link-down": ["link B/eth0 is not as planned: down -> up"],
        "lossy-event": [
            " lost, ", "no loss expected", "after 'an uplink blinks'",
            "culprit: the event itself, after which all is well: 'sh -c ip link set dev eth0 down; ",
            "lossy-event.json:13:",
        ],
        "masquerade-in-pool": [
            "source 172.17.8.2 expected, 192.168.100.100 seen",
            #"nft rule A/ip other post is not weft's: oifname "eth0" masquerade"#,
        ],
        "missing-fdb": ["fdb A/be:11:61:c8:a0:ae dev vxlan.calico is missing: dst 192.168.100.101"],
        "missing-neighbour": ["neighbour A/172.17.9.0 dev vxlan.calico is "],
        "mtu-too-large": ["its own link lets 1451 bytes out seen", "link A1/eth0 is not as planned: mtu 1451 -> 1450"],
        "no-forwarding": ["last seen at B:eth0, incoming", "sysctl B/net/ipv4/ip_forward is not as planned: 0 -> 1"],
        "no-proxy-arp": [
            "ee:ee:ee:ee:ee:ee expected, no answer seen",
            "sysctl A/net/ipv4/conf/veth1/proxy_arp is not as planned: 0 -> 1",
        ],
        "rp-filter": [
            "last seen at B:eth0, incoming",
            "B drops it by rp_filter: it comes from 172.17.8.2 by eth0, and the way back",
        ],
        "stray-encapsulation": [
            "none expected, vxlan id 9 dstport 4789 seen",
            "route A/172.17.9.2/32 is not weft's, and leads 172.17.9.2 away: via 10.9.9.2 dev vx9",
        ],
        "truncated-transfer": ["5000000 bytes expected", "tcp dport != 22 meta length > 1000 drop"],
        "unrepaired": [
            "B1 -> A1 after 'a route is deleted': last seen at A:", "culprit: as of A1 -> B1",
            "route A/172.17.9.0/24 is missing: via 192.168.100.101 dev eth0",
        ],
        "unwanted-reach": [
            "unreachable as expected: 1 pair, network unreachable from 172.17.8.1 (ICMP 3/0) in 1 attempt, last seen at A:docker0, ",
            "expected unreachable, observed reachable after 'a route leads where none should', by A1 A B B1",
            "route A/172.17.9.0/24 is not weft's, and leads 172.17.9.2 away",
        ],
        "wire-down": [
            "culprit: wire B--lan is down at B:eth0, by the event 'B is cut off'  # ",
            "wire-down.json:13:5\n", #"way out: an event { "up": "B:eth0" }"#,
        ],
        "wrong-gateway": [
            "ee:ee:ee:ee:ee:ee expected, 02:00:00:00:00:01 seen",
            "link A/veth1 is not as planned: address 02:00:00:00:00:01 -> ee:ee:ee:ee:ee:ee",
        ],
        "wrong-host": [
            "A1 A B B1 expected, A1 A C B B1, back B1 B A A1 seen",
            "route A/172.17.9.0/24 is not as planned: via 192.168.100.102 -> 192.168.100.101",
        ],
        "wrong-mac": ["neighbour A/172.17.9.0 dev vxlan.calico is not as planned: lladdr 02:00:00:00:00:99 -> "],
    ]

    @Test func `each file has its culprit, and each culprit its file`() {
        #expect(Set(TopologyFile.sabotaged.map(\.name)) == Set(Self.culprits.keys))
    }

    @Test(arguments: TopologyFile.sabotaged)
    func `what is broken is found, with who is to blame, and nothing is where nothing is broken`(
        _ file: TopologyFile
    ) throws {
        let json = try JSON(parsing: file.text)
        var members = try #require(json.object)
        members["events"] = nil
        let sound = try Weft.run("test", "-", input: JSON.object(members).text)
        #expect(sound.status == 0, "\(sound.output)\(sound.errors)")

        let broken = try Weft.run("test", file.url.path)
        if file.name == "bad-wire", !ThisKernel.has(.netem), !ThisKernel.has(.randomDrop) {
            return #expect(broken.output.contains("skipped 1: this kernel has no netem"), "\(broken.output)")
        }
        #expect(broken.status == 1, "\(broken.errors)")
        for words in Self.culprits[file.name] ?? [] {
            #expect(broken.output.contains(words), "\(words) in:\n\(broken.output)")
        }
    }

    @Test(arguments: [
        (#""expect": [{ "from": "A1", "to": "A1", "reach": false }]"#, "reach"),
        (
            #""events": [{ "leave": "B", "expect": [{ "from": "A1", "to": "A2" }, { "from": "A1", "to": "B1" }] }]"#,
            "reach"
        ),
        (#""events": [{ "run": "false", "in": "A1" }]"#, "convergence"),
    ])
    func `what is declared and cannot be looked at fails`(_ said: String, _ kind: String) throws {
        let text = try TopologyFile("calico-two-hosts").text
        let finished = try Weft.run("test", "-", input: text.replacing(#""hosts": ["#, with: said + #", "hosts": ["#))
        #expect(finished.status == 1, "\(finished.output)\(finished.errors)")
        let failures = finished.lines.filter { $0.hasPrefix("failed") }
        #expect(failures.count == 1, "\(finished.output)")
        #expect(failures.first?.contains(kind) == true)
    }

    /// A delay takes netem, which has no substitute.
    @Test(.enabled(if: !ThisKernel.has(.netem), "this kernel has netem"))
    func `an impairment that this kernel cannot do is left out with the reason, and what follows still happens`() throws
    {
        let events = """
            "events": [{ "impair": "A:eth0", "delay": "20ms" }, { "clear": "A:eth0" },
                { "name": "loss", "impair": "A:eth0", "loss": "100%", "expect": [{ "from": "A1", "to": "B1", "reach": false }] }]
            """
        let text = try TopologyFile("calico-two-hosts").text.replacing(#""hosts": ["#, with: events + #", "hosts": ["#)
        let finished = try Weft.run("test", "-", input: text)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("skipped 1: this kernel has no netem"), "\(finished.output)")
        #expect(try Weft.run("test", "--strict-skip", "-", input: text).status == 1)
    }
}
