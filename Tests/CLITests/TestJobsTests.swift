import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// `weft test` of several topologies at once, and what it leaves of those that fail.
@Suite(.namespaces)
struct TestJobsTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private static func path(_ name: String) -> String { TopologyFile(name).url.path }

    private static let sabotaged = Repository.topologies.appending(path: "sabotaged/wrong-mac.json").path

    /// The results of a run, without what differs from run to run.
    private func results(_ files: [String], _ options: [String]) throws -> (JSON, [Substring]) {
        let output = folder.appending(path: "results.json").path
        let finished = try TestSupport.run([Weft.path, "test"] + files + options + ["--json", output])
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        let heads = finished.output.split(separator: "\n").filter { $0.hasPrefix("== ") }
        return (try JSON(parsing: String(contentsOfFile: output, encoding: .utf8)).withoutMeasurements, heads)
    }

    @Test func `side by side they show what they show one by one, and are told in the order they were named`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // One file twice: its names and subnets are in use twice at a time.
        let files = ["calico-two-hosts", "flannel-vxlan", "calico-two-hosts", "flannel-host-gw", "events"]
            .map(Self.path)
        let (alone, aloneHeads) = try results(files, [])
        let (together, togetherHeads) = try results(files, ["--jobs", "4"])
        #expect(alone == together)
        #expect(togetherHeads == files.map { "== \($0)" })
        #expect(togetherHeads == aloneHeads)
    }

    @Test func `a topology that cannot be tested here does not keep the others from it`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try TopologyFile("calico-two-hosts").text
        let absent = folder.appending(path: "absent.json")
        try text.replacing(#""name": "A1","#, with: #""name": "A1", "netns": "/run/nowhere","#)
            .write(to: absent, atomically: true, encoding: .utf8)
        let files = [absent.path, Self.path("calico-two-hosts")]
        let finished = try TestSupport.run([Weft.path, "test"] + files + ["--jobs", "2"])
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        #expect(finished.output.contains("/run/nowhere"))
        #expect(finished.output.contains("12 of 12 container pairs"))
        #expect(try TestSupport.run([Weft.path, "test"] + files + ["--jobs", "2", "--strict-skip"]).status == 1)
    }

    /// Of a thousand containers each, with nine sockets a node.
    @Test func `labs side by side have room for all their sockets`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = Self.path("calico-hundred-hosts")
        let finished = try TestSupport.run(
            [
                "sh", "-c", #"ulimit -n 11000 && exec "$@""#, "sh", Weft.path, "test", file, file, "--jobs", "2",
                "--pairs", "1500",
            ])
        #expect(finished.status == 0, "\(finished.errors)")
    }

    @Test func `no number of jobs below one is taken`() throws {
        let finished = try Weft.run("test", Self.path("calico-two-hosts"), "--jobs", "0")
        #expect(finished.status == 64)
        #expect(finished.errors.contains("--jobs takes a number from 1"))
    }

    @Test func `a lab whose topology fails is kept as it failed, others are not, and a second one gets a number`()
        throws
    {
        let finished = try Weft.run(
            "test", Self.sabotaged, Self.path("calico-two-hosts"), Self.sabotaged, "--jobs", "3", "--keep-on-fail")
        #expect(finished.status == 1, "\(finished.errors)")
        let kept = finished.errors.matches(of: /lab (\S+) is kept/).map { String($0.1) }
        defer { for lab in kept { _ = try? Weft.run("lab", "down", lab) } }
        #expect(kept.count == 2 && Set(kept).count == 2 && kept.allSatisfy { $0.hasPrefix("wrong-mac") }, "\(kept)")
        let listed = try Weft.run("lab", "list").output
        #expect(kept.allSatisfy { listed.contains("\($0)  ") })
        for lab in kept {
            let neighbours = try Weft.run("lab", "exec", lab, "A", "--", "ip", "neigh", "show", "dev", "vxlan.calico")
            #expect(neighbours.output.contains("02:00:00:00:00:99"), "\(neighbours.output)\(neighbours.errors)")
            // The topology's own lines, and not the event that broke it, are what it is brought back to.
            #expect(try Weft.run("lab", "apply", lab, Self.sabotaged).status == 0)
            let ping = try Weft.run("lab", "exec", lab, "A1", "--", "ping", "-c", "1", "-W", "5", "172.17.9.2")
            #expect(ping.status == 0, "\(ping.output)")
            #expect(try Weft.run("lab", "down", lab).status == 0)
        }
    }

    @Test(.tunDevice) func `a lab that is kept has its forwarders`() throws {
        let text = try TopologyFile("flannel-udp").text
        let wrong = text.replacing(
            #"  "hosts": ["#,
            with: #"  "expect": [{ "from": "A1", "to": "B1", "reach": false, "protocols": ["udp"] }],\#n  "hosts": ["#)
        try #require(wrong != text)
        let finished = try Weft.run("test", "-", "--keep-on-fail", input: wrong)
        #expect(finished.status == 1, "\(finished.output)\(finished.errors)")
        let lab = try #require(finished.errors.firstMatch(of: /lab (\S+) is kept/).map { String($0.1) })
        defer { _ = try? Weft.run("lab", "down", lab) }
        let ping = try Weft.run("lab", "exec", lab, "A1", "--", "ping", "-c", "1", "-W", "5", "172.17.9.2")
        #expect(ping.status == 0, "\(ping.output)\(ping.errors)")
    }
}

extension JSON {
    /// Times, and how often something had to be looked at again, are of a run and not of a topology.
    fileprivate var withoutMeasurements: JSON {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutMeasurements))
        case .object(let members):
            .object(
                members.filter { member in
                    !["retries", "observed", "probeMilliseconds"].contains(member.key)
                        && !member.key.hasSuffix("Microseconds")
                }.mapValues(\.withoutMeasurements))
        default: self
        }
    }
}
