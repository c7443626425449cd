import Applier
import Compiler
import NetnsHarness
import TestSupport
import Testing

struct NeighbourRoomTests {
    /// Two hosts and four containers learn ten entries.
    private func lab() throws -> Lab {
        let source = try TopologyFile("calico-two-hosts").source
        return Lab(try load(source), source: source)
    }

    @Test(arguments: [
        (NeighbourTable(entries: 0, limit: 14), false), (NeighbourTable(entries: 0, limit: 13), true),
        (NeighbourTable(entries: 1000, limit: 1014), false), (NeighbourTable(entries: 1001, limit: 1014), true),
        (NeighbourTable(entries: 5000, limit: 1024), true), (NeighbourTable(), false),
    ])
    func `a lab fills in neighbours where they would take more than three quarters of the room left`(
        _ table: NeighbourTable, _ isNeeded: Bool
    ) throws {
        let lab = try lab()
        #expect(lab.topology.learntNeighbourCount == 10)
        #expect(lab.needsPins(table) == isNeeded)
    }

    @Test func `an overflow during the probes is told, an earlier one is not`() {
        let before = NeighbourTable(overflowCount: 7)
        #expect(NeighbourTable(overflowCount: 7).overflowNote(since: before) == nil)
        #expect(
            NeighbourTable(overflowCount: 130).overflowNote(since: before)
                == "the kernel's neighbour table overflowed 123 times during the probes "
                + "(net.ipv4.neigh.default.gc_thresh3 = 1024, shared by all namespaces): "
                + "unreachable pairs may be its doing")
    }
}
