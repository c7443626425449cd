import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// `weft doctor` on the machine that the tests run on, and on ones that lack something.
@Suite(.namespaces)
struct DoctorTests {
    private static let checks = [
        "kernel", "privileges", "network namespaces", "mount namespaces", "veth", "bridge", "vxlan", "ipip", "tun",
        "dummy", "vrf", "wireguard", "nftables", "raw ICMP sockets", "packet sockets", "ip_forward", "proxy_arp",
        "proxy_delay", "netem", "tbf", "random drop", "nexthop", "neighbour table",
    ]

    /// What `calico` needs is here, or no other test of this suite could run.
    private static let needed = [
        "privileges", "network namespaces", "mount namespaces", "veth", "bridge", "nftables", "raw ICMP sockets",
        "ip_forward",
        "proxy_arp", "proxy_delay",
    ]

    private func statuses(_ report: JSON, of key: String) throws -> [String: String] {
        let pairs = try #require(report[key]?.array).compactMap { entry in
            entry["name"]?.string.flatMap { name in entry["status"]?.string.map { (name, $0) } }
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func `a machine that runs these tests can run calico, says its text`() throws {
        let finished = try Weft.run("doctor")
        #expect(finished.status == 0)
        #expect(finished.errors.isEmpty)
        let first = finished.lines.map { line in line.prefix { $0 != " " } }
        #expect(Set(first).isSuperset(of: Self.checks.map { $0.prefix { $0 != " " } }))
        #expect(finished.lines.contains { $0.contains(#/^calico +can run here$/#) })
        #expect(
            finished.lines.contains { $0.contains(#/^neighbour table +ok +\d+ of \d+ entries taken, overflowed /#) })
        let starts = finished.lines.prefix(Self.checks.count).map { line in
            line.firstMatch(of: #/ (ok|missing|untried)( |$)/#).map {
                line.distance(from: line.startIndex, to: $0.range.lowerBound)
            }
        }
        #expect(Set(starts).count == 1, "the statuses stand in one column")
    }

    @Test func `its JSON lists every check and every profile`() throws {
        let finished = try Weft.run("doctor", "--format", "json")
        #expect(finished.status == 0)
        let report = try JSON(parsing: finished.output)
        #expect(try #require(report["checks"]?.array).compactMap { $0["name"]?.string } == Self.checks)
        let checks = try statuses(report, of: "checks")
        for name in Self.needed { #expect(checks[name] == "ok", "\(name)") }
        for check in try #require(report["checks"]?.array) where check["status"] == "missing" {
            #expect(check["detail"]?.string?.isEmpty == false)
            #expect(check["remedy"]?.string?.isEmpty == false)
        }
        #expect(try statuses(report, of: "profiles")["calico"] == "ok")
    }

    /// The compiler and the doctor must not disagree on what this version can compile.
    @Test func `a profile is called unsupported just where check refuses it`() throws {
        let report = try JSON(parsing: Weft.run("doctor", "--format", "json").output)
        let text = try TopologyFile("calico-two-hosts").text
        for (profile, status) in try statuses(report, of: "profiles") {
            let topology = text.replacing("\"calico\"", with: "\"\(profile)\"")
            let isRefused = try Weft.run("check", "-", input: topology).errors.contains("[unsupported-model]")
            #expect(isRefused == (status == "unsupported"), "\(profile)")
        }
    }

    @Test func `nothing stays behind`() throws {
        let machine = try Machine()
        let before = try machine.dump() + machine.mounts
        #expect(try machine.weft("doctor").status == 0)
        try expectSame(machine.dump() + machine.mounts, before)
    }

    @Test func `where the user may have no namespace at all, it says how to get one and exits with 10`() throws {
        // Of a user namespace inside which no more may be made, and in which root has no capability left.
        let finished = try run([
            "unshare", "--user", "--map-root-user", "sh", "-c",
            "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all \"$0\" doctor",
            Weft.path,
        ])
        #expect(finished.status == 10)
        let line = try #require(finished.lines.first { $0.hasPrefix("privileges") })
        #expect(line.contains("missing"))
        #expect(line.contains("run as root"))
        #expect(finished.lines.contains { $0.contains(#/^calico +cannot run here: .*privileges/#) })
        #expect(finished.lines.contains { $0.contains(#/^veth +untried +needs privileges$/#) })
    }

    @Test func `a setting that cannot be written is missing, and so is what needs it`() throws {
        let machine = try Machine()
        try machine.script("mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys")
        let finished = try machine.weft("doctor", "--format", "json")
        #expect(finished.status == 10)
        let report = try JSON(parsing: finished.output)
        let checks = try statuses(report, of: "checks")
        for name in ["ip_forward", "proxy_arp", "proxy_delay"] { #expect(checks[name] == "missing") }
        let calico = try #require(report["profiles"]?.array?.first { $0["name"] == "calico" })
        #expect(calico["missing"] == ["ip_forward", "proxy_arp", "proxy_delay"])
    }
}
