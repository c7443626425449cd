import NetworkState

/// Reports blocks that are too small for a bridge with a gateway and containers behind it.
func checkBridges(
    _ blocks: [BlockAssignment.Blocks], _ model: NetworkModel, _ diagnostics: inout Diagnostics
) {
    guard model.attachment == .bridged else { return }
    // Hosts of one range have one place in the file, and blocks of one size.
    var reported: Set<JSONPointer> = []
    for block in blocks.flatMap(\.subnets) where block.value.firstUsable == nil {
        if reported.insert(block.pointer).inserted {
            diagnostics.report(.noRoomForBridge(block.value, at: block.pointer))
        }
    }
}
