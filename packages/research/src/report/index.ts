export { escapeHtml } from "./escape-html.ts";
export { integrityOf } from "./inline-assets.ts";
export { pageStyle } from "./page-style.ts";
export { renderReport } from "./render-report.ts";
export type {
  AmbiguityTable,
  ConfigurationRow,
  EquitySeries,
  FillMarker,
  JsonValue,
  MonthlyRow,
  PriceSeries,
  ReportFigure,
  ReportFinding,
  ReportFooter,
  ReportModel,
  ReportSubtitle,
  RoundTripRow,
} from "./report-model.ts";
