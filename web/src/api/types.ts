// The names the app uses for the generated types, so that a rename in the document is met in one place.
import type { components, operations } from '@/api/schema';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Session = Schemas['Session'];
export type Scope = Schemas['Scope'];
export type Token = Schemas['Token'];
export type OwnSession = Schemas['OwnSession'];
export type Item = Schemas['Item'];
export type ItemPage = Schemas['ItemPage'];
export type ItemState = Schemas['State'];
export type ItemPatch = Schemas['EditBody'];
export type Attribute = Schemas['Attribute'];
export type Colour = Schemas['Colour'];
export type Slot = Schemas['Slot'];
export type Occasion = Schemas['Occasion'];
export type UploadReport = Schemas['UploadResults'];
export type UploadResult = Schemas['UploadResult'];
export type WardrobeSummary = Schemas['Summary'];
export type Vocabulary = Schemas['Vocabulary'];
export type Ask = Schemas['RecommendRequest'];
export type Part = Schemas['Part'];
export type Outfit = Schemas['Outfit'];
export type OutfitPage = Schemas['OutfitPage'];
export type Recommendation = Schemas['RecommendAnswer'];
export type WeekRequest = Schemas['WeekRequest'];
export type WeekAnswer = Schemas['WeekAnswer'];
export type NewFeedback = Schemas['FeedbackRequest'];
export type Reason = Schemas['Reason'];
export type Lesson = Schemas['Lesson'];
export type LessonPage = Schemas['LessonPage'];
export type Taste = Schemas['Taste'];
export type Onboarding = Schemas['Onboarding'];
export type Piece = Schemas['OnboardingPiece'];
export type PieceAnswer = Schemas['PieceAnswer'];
export type ItemFilters = NonNullable<operations['list_items']['parameters']['query']>;
