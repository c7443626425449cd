import Compiler
import Foundation
import NetworkState
import TestSupport
import Testing

struct CompilationTests {
    private func load(_ file: TopologyFile) throws -> (ValidTopology, SourceText) {
        let source = try file.source
        return (try Compiler.load(source), source)
    }

    private func script(of host: String, in name: String) throws -> [String] {
        let (topology, source) = try load(TopologyFile(name))
        let index = try #require(topology.hosts.firstIndex { $0.name == host })
        return CompiledHost(topology, host: index, source: source).offlinePlan.script.split(separator: "\n").map(
            String.init)
    }

    @Test func `there are topologies to test`() {
        #expect(TopologyFile.all.count >= 4)
    }

    @Test(arguments: [
        ("A", "172.17.8.2 dev veth1 scope link"), ("A", "172.17.8.3 dev veth2 scope link"),
        ("A", "172.17.9.0/24 via 192.168.100.101 dev eth0 proto bird onlink"),
        ("B", "172.17.9.2 dev veth1 scope link"), ("B", "172.17.9.3 dev veth2 scope link"),
        ("B", "172.17.8.0/24 via 192.168.100.100 dev eth0 proto bird onlink"),
    ])
    func `a host's commands hold the lecture's routes to the letter`(_ host: String, _ line: String) throws {
        let matches = try script(of: host, in: "calico-two-hosts").filter { $0.contains(line) }
        #expect(matches.count == 1)
        #expect(matches.allSatisfy { $0.hasPrefix("ip route add") })
    }

    @Test(arguments: [
        ("A", "A1", "172.17.8.2"), ("A", "A2", "172.17.8.3"), ("B", "B1", "172.17.9.2"), ("B", "B2", "172.17.9.3"),
    ])
    func `a container has a single address and the gateway that nobody has`(
        _ host: String, _ container: String, _ address: String
    ) throws {
        let lines = try script(of: host, in: "calico-two-hosts").filter { $0.hasPrefix("ip -n \(container) ") }
        for part in ["default via 169.254.1.1 dev eth0", "169.254.1.1 dev eth0 scope link", "\(address)/32 dev eth0"] {
            #expect(lines.contains { $0.contains(part) }, "\(part)")
        }
        let link = try #require(lines.firstIndex { $0.contains("169.254.1.1 dev eth0 scope link") })
        let way = try #require(lines.firstIndex { $0.contains("default via") })
        #expect(link < way)
    }

    @Test(arguments: [
        ("calico-two-hosts", 1), ("calico-three-hosts", 2), ("calico-six-hosts", 5), ("calico-hundred-hosts", 99),
    ])
    func `each host has a route to every other`(_ name: String, _ count: Int) throws {
        let (topology, source) = try load(TopologyFile(name))
        for index in topology.hosts.indices {
            let plan = CompiledHost(topology, host: index, source: source).offlinePlan
            let peers = plan.changes.filter { change in
                if case .route(let route) = change.resource { route.protocol == .bird } else { false }
            }
            #expect(peers.count == count)
        }
    }

    @Test(arguments: TopologyFile.all)
    func `the plan of the first host is as reviewed`(_ file: TopologyFile) throws {
        let (topology, source) = try load(file)
        let plan = CompiledHost(topology, host: 0, source: source).offlinePlan
        let folder = Repository.tests.appending(path: "CompilerTests/Golden/plans")
        expectGolden(PlanText(plan).text, folder.appending(path: "\(file.name).plan.txt"))
        expectGolden(plan.script, folder.appending(path: "\(file.name).ip.txt"))
        if topology.hosts.count == 2 { expectGolden(plan.json.text, folder.appending(path: "\(file.name).plan.json")) }
    }

    @Test func `compiling for one host of a thousand does not depend on the others' containers`() throws {
        func changes(perHost count: Int) throws -> Int {
            let text = """
                {"version": 1, "network": {"profile": "calico", "pools": [{"subnet": "10.0.0.0/8", "block": 24}]},
                 "segments": [{"name": "lan", "subnet": "172.16.0.0/20"}],
                 "hosts": [{"name": "a", "links": [{"segment": "lan"}], "containers": 1},
                           {"name": "h{1..999}", "links": [{"segment": "lan"}], "containers": \(count)}]}
                """
            let source = SourceText(name: "t.json", text: text)
            return CompiledHost(try Compiler.load(source), host: 0, source: source).offlinePlan.changes.count
        }
        #expect(try changes(perHost: 1) == changes(perHost: 50))
    }
}
